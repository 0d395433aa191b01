import * as ssm from "@pulumi/aws/ssm";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentCheck, InvalidArgumentsError } from "../arguments";
import { environmentName, type Grant } from "../iam/grant";
import { nearest } from "../nearest";
import { trueOrFalse } from "../rules";
import { checkNames, parameterName, storedName, text } from "./names";

const type = "groundwork:configuration:ParameterStore";

/** Arguments of {@link ParameterStore}. */
export interface ParameterStoreArgs<Name extends string = string> {
  /**
   * The values by name, up to 4 KiB each. Names begin with a letter, and hold letters, digits,
   * hyphens and underscores.
   */
  readonly parameters: Readonly<Record<Name, pulumi.Input<string>>>;
  /**
   * Whether the values are changed by others once they are there, in the console, by a command or
   * by a program with `grantPut()`. Then these are the first values, and an update leaves what it
   * finds.
   * @default false: an update sets the values given here
   */
  readonly changedByOthers?: boolean;
}

/**
 * Configuration that can change while its readers run, in the Parameter Store of AWS Systems
 * Manager: flags, limits, levels. Readers are told a parameter's name, and ask for its value as
 * often as they want to know; so a change makes no version of a function and rolls no pod.
 *
 * Children: for each parameter `name-PARAMETER`.
 *
 * @example
 * const settings = new ParameterStore("shop", { parameters: { MAX_ITEMS: "50" } });
 * new LambdaFunction("checkout", { ..., grants: [settings.grantRead("MAX_ITEMS")] });
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-parameter-store.html
 */
export class ParameterStore<Name extends string = string> extends pulumi.ComponentResource {
  private readonly name: string;
  private readonly stored: ReadonlyMap<string, ssm.Parameter>;

  /** @throws {InvalidArgumentsError} for names and values that Parameter Store refuses, and for secrets */
  constructor(
    name: string,
    args: ParameterStoreArgs<Name>,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    const checked = check(name, args);
    super(type, name, {}, opts);
    const ignoreChanges = args.changedByOthers ? ["value"] : [];

    this.name = name;
    this.stored = new Map(
      Object.entries(checked).map(([key, value]) => [
        key,
        new ssm.Parameter(
          `${name}-${key}`,
          { type: "String", value },
          { parent: this, ignoreChanges },
        ),
      ]),
    );
    this.registerOutputs();
  }

  /**
   * What it takes to read the named parameters. Environment, for a parameter `KEY` of a store
   * `name`: `NAME_KEY_PARAMETER_NAME`.
   *
   * @throws {InvalidArgumentsError} for names that the store does not have
   */
  grantRead(...names: readonly [Name, ...Name[]]): Grant {
    return this.grant(["ssm:GetParameter", "ssm:GetParameters"], names);
  }

  /**
   * What it takes to change the named parameters, which is for stores that are `changedByOthers`.
   * Environment as of {@link grantRead}.
   *
   * @throws {InvalidArgumentsError} for names that the store does not have
   */
  grantPut(...names: readonly [Name, ...Name[]]): Grant {
    return this.grant(["ssm:PutParameter"], names);
  }

  private grant(actions: readonly string[], names: readonly Name[]): Grant {
    const found = names.map((name) => [name, this.get(name)] as const);
    return {
      statements: [{ actions, resources: found.map(([, { arn }]) => arn) }],
      environment: Object.fromEntries(
        found.map(([key, parameter]) => [
          environmentName(`${this.name}_${key}`, "PARAMETER_NAME"),
          parameter.name,
        ]),
      ),
    };
  }

  private get(name: string): ssm.Parameter {
    const stored = this.stored.get(name);
    if (stored !== undefined) return stored;
    const all = [...this.stored.keys()];
    throw new InvalidArgumentsError(`${type} "${this.name}"`, [
      `it has no parameter "${name}": ${nearest(name, all) ?? `give only ${all.join(", ")}`}`,
    ]);
  }
}

/** @returns the values, each with its check attached */
function check(
  name: string,
  args: ParameterStoreArgs,
): Readonly<Record<string, pulumi.Input<string>>> {
  const check = new ArgumentCheck(type, name);
  check.known<ParameterStoreArgs>(args, { parameters: true, changedByOthers: true });
  check.input("name", name, parameterName);
  check.plain("changedByOthers", args.changedByOthers ?? false, trueOrFalse);
  const parameters = check.noSecrets(
    "parameters",
    check.map("parameters", args.parameters),
    "give it to a SecretStore",
  );
  checkNames(check, "parameters", Object.keys(parameters), storedName);
  const entries = Object.entries(parameters).map(([key, value]) => [
    key,
    check.required(`parameters.${key}`, value, text(4_096)),
  ]);
  check.throwIfAny();
  return Object.fromEntries(entries);
}
