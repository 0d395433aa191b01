import * as kubernetes from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentCheck, InvalidArgumentsError } from "../arguments";
import { environmentName, type Grant, keyStatements } from "../iam/grant";
import { nearest } from "../nearest";
import {
  all,
  arn,
  dnsLabel,
  environmentVariableName,
  oneOf,
  type Rule,
  wholeNumber,
} from "../rules";
import { type Backend, backends, type StoredSecret } from "./backends";
import { checkNames, parameterName, storedName, text } from "./names";

const type = "groundwork:configuration:SecretStore";

/** Arguments of {@link SecretStore}. */
export interface SecretStoreArgs<Name extends string = string> {
  /**
   * The secret texts by name, from `config.requireSecret` or other Outputs. They are kept as
   * secrets from here on: encrypted in the state, masked in previews.
   *
   * Names begin with a letter, and hold letters, digits, hyphens and underscores; with a
   * `namespace` they are names of environment variables, without hyphens.
   */
  readonly secrets: Readonly<Record<Name, pulumi.Input<string>>>;
  /**
   * The service that keeps them: `secretsmanager` for AWS Secrets Manager, up to 64 KiB a secret,
   * or `ssm` for SecureStrings in the Parameter Store of AWS Systems Manager, up to 4 KiB and free
   * of charge.
   * @default "secretsmanager"
   */
  readonly backend?: keyof typeof backends;
  /**
   * ARN of the KMS key that encrypts them.
   * @default the account's key for the service, `aws/secretsmanager` or `aws/ssm`
   */
  readonly kmsKeyArn?: pulumi.Input<string>;
  /**
   * For how many days a deleted secret can be restored: 0 (not at all) or 7 to 30. Parameter Store
   * can't restore any.
   * @default 30 in Secrets Manager
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/manage_delete-secret.html
   */
  readonly recoveryWindowDays?: pulumi.Input<number>;
  /**
   * The namespace in which a Kubernetes Secret holds them too, for pods that can't ask AWS.
   * @default none: there is no Kubernetes Secret
   */
  readonly namespace?: pulumi.Input<string>;
}

/**
 * Secrets where their readers find them: in AWS, for functions and pods that are given a reference
 * and the permission, never the value; and, where a namespace is given, in Kubernetes.
 *
 * A changed value has a new version, of which readers are told. So a function publishes a version
 * and a Deployment rolls, and nobody goes on with the old value.
 *
 * Children: for each secret `name-SECRET` and, in Secrets Manager, `name-SECRET-version` (its
 * value); `name-secrets` (the Kubernetes Secret).
 *
 * @example
 * const store = new SecretStore("ship", {
 *   secrets: { API_TOKEN: config.requireSecret("apiToken") },
 * });
 * new LambdaFunction("ship", { ..., grants: [store.grantRead("API_TOKEN")] });
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/intro.html
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-parameter-store.html
 */
export class SecretStore<Name extends string = string> extends pulumi.ComponentResource {
  private readonly name: string;
  private readonly backend: Backend;
  private readonly kmsKeyArn: pulumi.Input<string> | undefined;
  private readonly stored: ReadonlyMap<string, StoredSecret>;
  private readonly kubernetesSecret: kubernetes.Secret | undefined;

  /**
   * @throws {InvalidArgumentsError} for an empty or too large value, and for a name, number, key
   * or namespace that the service refuses
   */
  constructor(name: string, args: SecretStoreArgs<Name>, opts?: pulumi.ComponentResourceOptions) {
    const checked = check(name, args);
    super(type, name, {}, opts);
    const parent = { parent: this };
    const { backend, secrets, kmsKeyArn, recoveryWindowDays } = checked;

    this.name = name;
    this.backend = backend;
    this.kmsKeyArn = kmsKeyArn;
    this.stored = new Map(
      Object.entries(secrets).map(([key, value]) => [
        key,
        backend.put(`${name}-${key}`, { value, kmsKeyArn, recoveryWindowDays }, parent),
      ]),
    );
    if (checked.namespace !== undefined) {
      // Immutable and with a generated name: a change makes a new one, which rolls the pods.
      this.kubernetesSecret = new kubernetes.Secret(
        `${name}-secrets`,
        {
          metadata: { namespace: checked.namespace },
          immutable: true,
          stringData: pulumi.secret(secrets),
        },
        parent,
      );
    }
    this.registerOutputs();
  }

  /**
   * What it takes to read the named secrets. Environment, for a secret `KEY` of a store `name`:
   * `NAME_KEY_SECRET_ARN`, or `NAME_KEY_PARAMETER_NAME` in Parameter Store, and
   * `NAME_KEY_SECRET_VERSION`, which is another one for each value.
   *
   * @throws {InvalidArgumentsError} for names that the store does not have
   */
  grantRead(...names: readonly [Name, ...Name[]]): Grant {
    const found = names.map((name) => [name, this.get(name)] as const);
    return {
      statements: [
        { actions: [this.backend.readAction], resources: found.map(([, { arn }]) => arn) },
        ...keyStatements(this.kmsKeyArn, ["kms:Decrypt"]),
      ],
      environment: Object.fromEntries(
        found.flatMap(([name, { reference, version }]) => [
          [environmentName(`${this.name}_${name}`, this.backend.variable), reference],
          [environmentName(`${this.name}_${name}`, "SECRET_VERSION"), version],
        ]),
      ),
    };
  }

  /**
   * Name of the Kubernetes Secret, for `secretsFrom` of a {@link Microservice}.
   * @throws {InvalidArgumentsError} when the store was given no namespace
   */
  kubernetesSecretName(): pulumi.Output<string> {
    if (this.kubernetesSecret === undefined) {
      throw this.unusable("it has no Kubernetes Secret: give it a namespace");
    }
    return this.kubernetesSecret.metadata.name;
  }

  private get(name: string): StoredSecret {
    const stored = this.stored.get(name);
    if (stored !== undefined) return stored;
    const all = [...this.stored.keys()];
    const hint = nearest(name, all) ?? `give only ${all.join(", ")}`;
    throw this.unusable(`it has no secret "${name}": ${hint}`);
  }

  private unusable(problem: string): InvalidArgumentsError {
    return new InvalidArgumentsError(`${type} "${this.name}"`, [problem]);
  }
}

function check<Name extends string>(name: string, args: SecretStoreArgs<Name>) {
  const check = new ArgumentCheck(type, name);
  check.known<SecretStoreArgs<Name>>(args, {
    secrets: true,
    backend: true,
    kmsKeyArn: true,
    recoveryWindowDays: true,
    namespace: true,
  });
  check.input("backend", args.backend, oneOf("secretsmanager", "ssm"));
  const inSsm = args.backend === "ssm";
  check.input("name", name, inSsm ? parameterName : storedName);
  if (inSsm && args.recoveryWindowDays !== undefined) {
    check.problem(
      "recoveryWindowDays is given, and Parameter Store can't restore what is deleted: " +
        "leave it out, or take the backend secretsmanager",
    );
  }
  const backend: Backend = inSsm ? backends.ssm : backends.secretsmanager;
  const checked = {
    backend,
    secrets: checkSecrets(check, args, backend.maxBytes),
    kmsKeyArn: check.input("kmsKeyArn", args.kmsKeyArn, arn("kms")),
    recoveryWindowDays: inSsm
      ? undefined
      : check.input("recoveryWindowDays", args.recoveryWindowDays ?? 30, recoveryWindow),
    namespace: check.input("namespace", args.namespace, dnsLabel),
  };
  check.throwIfAny();
  return checked;
}

const recoveryWindow: Rule<number> = (days) =>
  days === 0 || wholeNumber(7, 30)(days) === undefined
    ? undefined
    : "give 0, or a whole number from 7 to 30 days";

/** The values as secrets, each with its check attached. */
function checkSecrets(
  check: ArgumentCheck,
  { secrets: given, namespace }: SecretStoreArgs,
  maxBytes: number,
): Readonly<Record<string, pulumi.Output<string>>> {
  const secrets = check.map("secrets", given);
  const rule = namespace === undefined ? storedName : all(storedName, environmentVariableName);
  checkNames(check, "secrets", Object.keys(secrets), rule);
  const entries = Object.entries(secrets).map(([name, value]) => {
    const fits = check.required(`secrets.${name}`, value, text(maxBytes), { secret: true });
    return [name, pulumi.secret(fits)] as const;
  });
  return Object.fromEntries(entries);
}
