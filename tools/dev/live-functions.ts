import { readFileSync } from "node:fs";
import type { LambdaClient } from "@aws-sdk/client-lambda";
import type { ExportedStack, StateResource } from "../cut-off";
import { Failure } from "../support/failure";

/** A function as the stack's state has it. */
export interface DeployedFunction {
  readonly label: string;
  readonly arn: string;
  /** The aliases that lead to the version that was published last; one that is held at another is not moved. */
  readonly aliases: readonly string[];
}

/** Finds a function in a stack's state by its URN. */
export function deployedFunction(state: ExportedStack, urn: string): DeployedFunction {
  const resources = state.deployment?.resources ?? [];
  const given = resources.find((resource) => resource.urn === urn)?.outputs;
  if (given === undefined) throw new Failure(`The stack has no resource ${urn}.`);
  const { name, arn, version } = given;
  const leadsToIt = ({ type, outputs }: StateResource) =>
    type === "aws:lambda/alias:Alias" &&
    (outputs?.["functionName"] === name || outputs?.["functionName"] === arn) &&
    outputs?.["functionVersion"] === version;
  return {
    label: urn.split("::").at(-1) ?? urn,
    arn: String(arn),
    aliases: resources.filter(leadsToIt).map(({ outputs }) => String(outputs?.["name"])),
  };
}

/** Gives functions other code without the engine, which takes a moment. */
export class LiveFunctions {
  private constructor(
    private readonly sdk: typeof import("@aws-sdk/client-lambda"),
    private readonly client: LambdaClient,
  ) {}

  static async at(region: string): Promise<LiveFunctions> {
    const sdk = await import("@aws-sdk/client-lambda");
    return new LiveFunctions(sdk, new sdk.LambdaClient({ region }));
  }

  /**
   * Puts a package live, as an update does it: each time as a new version.
   * @returns the version that calls go to now; undefined where no alias follows the function
   */
  async put({ arn, aliases }: DeployedFunction, path: string): Promise<string | undefined> {
    const { UpdateFunctionCodeCommand, UpdateAliasCommand } = this.sdk;
    const publishes = aliases.length > 0;
    const { Version = "" } = await this.client.send(
      new UpdateFunctionCodeCommand({
        FunctionName: arn,
        ZipFile: readFileSync(path),
        Publish: publishes,
      }),
    );
    if (!publishes) return undefined;
    for (const Name of aliases) {
      const moved = { FunctionName: arn, Name, FunctionVersion: Version };
      await this.client.send(new UpdateAliasCommand(moved));
    }
    return Version;
  }
}
