import { clientOptions, codeDeploy } from "../components/lambda/code-deploy";
import type { ExportedStack } from "./cut-off";
import { Failure } from "./support/failure";
import { pause } from "./support/interruption";
import { say } from "./support/steps";

/** A function of a stack, by what its alias and its release are at AWS. */
export interface ReleasedFunction {
  readonly functionArn: string;
  readonly alias: string;
  /** CodeDeploy's application and group; undefined where calls go over at once. */
  readonly deployment: { readonly application: string; readonly group: string } | undefined;
}

const component = "groundwork:lambda:LambdaFunction$";

/**
 * Finds a function by the name that it has in the program.
 * @throws {Failure} when the stack has none of that name, with those that there are
 */
export function findFunction({ deployment }: ExportedStack, name: string): ReleasedFunction {
  const resources = deployment?.resources ?? [];
  const ofType = (type: string) =>
    resources.filter(({ urn }) => urn.includes(`${component}${type}::`));
  const aliases = ofType("aws:lambda/alias:Alias");
  const { outputs } = aliases.find(({ urn }) => urn.endsWith(`::${name}-live`)) ?? {};
  if (outputs === undefined) {
    const names = aliases.map(({ urn }) => urn.replace(/^.*::(.*)-live$/, "$1")).join(", ");
    throw new Failure(name === "" ? "No function is given." : `There is no function ${name}.`, [
      `Give FUNCTION, one of: ${names || "none, the stack has no functions"}`,
    ]);
  }
  const group = ofType("aws:codedeploy/deploymentGroup:DeploymentGroup").find(({ urn }) =>
    urn.endsWith(`::${name}-release-group`),
  )?.outputs;
  return {
    functionArn: String(outputs["arn"]).split(":").slice(0, -1).join(":"),
    alias: String(outputs["name"]),
    deployment: group && {
      application: String(group["appName"]),
      group: String(group["deploymentGroupName"]),
    },
  };
}

/**
 * The version to go back to: the one that is asked for, else the newest before the live one that was
 * not taken back itself.
 * @throws {Failure} when there is no such version
 */
export function earlierVersion(
  versions: readonly string[],
  live: string,
  refused: readonly string[],
  wanted: string,
): string {
  const published = versions.filter((version) => version !== "$LATEST");
  const there = [`Published are ${published.join(", ")}; version ${live} is live.`];
  if (wanted === live) throw new Failure(`Version ${live} is live already.`, there);
  if (wanted !== "") {
    if (published.includes(wanted)) return wanted;
    throw new Failure(`There is no version ${wanted}.`, there);
  }
  const earlier = published
    .map(Number)
    .filter((version) => version < Number(live) && !refused.includes(String(version)));
  if (earlier.length > 0) return String(Math.max(...earlier));
  throw new Failure("There is no earlier version to go back to.", there);
}

/**
 * Moves all calls of a function to an earlier version, at once.
 * @param wanted the version, or nothing for the one before
 * @returns the version that they go to now
 */
export async function goBack(
  { functionArn, alias, deployment }: ReleasedFunction,
  wanted: string,
): Promise<string> {
  const { stopped, refused } = await endReleases(functionArn, alias, deployment);
  const sdk = await import("@aws-sdk/client-lambda");
  const client = new sdk.LambdaClient(clientOptions(functionArn, {}));
  const versions: string[] = [];
  const name = functionArn.split(":")[6];
  const pages = sdk.paginateListVersionsByFunction({ client }, { FunctionName: name });
  for await (const { Versions = [] } of pages) {
    versions.push(...Versions.map(({ Version = "" }) => Version));
  }
  const named = { FunctionName: functionArn, Name: alias };
  const { FunctionVersion: live = "" } = await client.send(new sdk.GetAliasCommand(named));
  // What was under way was going away from the version before.
  const isBack = stopped && (wanted === "" || wanted === live);
  const version = isBack ? live : earlierVersion(versions, live, refused, wanted);
  const all = { FunctionVersion: version, RoutingConfig: { AdditionalVersionWeights: {} } };
  await client.send(new sdk.UpdateAliasCommand({ ...named, ...all }));
  say(
    isBack
      ? `${name}: ${alias} leads to version ${live} alone`
      : `${name}: ${alias} led to version ${live}, and now to ${version}`,
  );
  return version;
}

/**
 * Stops the release that is under way, or it would move the alias again.
 * @returns whether there was one, and the versions that were taken back
 */
async function endReleases(
  functionArn: string,
  alias: string,
  deployment: ReleasedFunction["deployment"],
): Promise<{ readonly stopped: boolean; readonly refused: readonly string[] }> {
  if (deployment === undefined) return { stopped: false, refused: [] };
  const { application, group } = deployment;
  const target = { functionArn, alias, application, deploymentGroup: group };
  const releases = await codeDeploy(target, {});
  const underWay = await releases.underWay();
  for (const id of underWay) {
    say(`stopping deployment ${id}`);
    await releases.stop(id);
  }
  while ((await releases.underWay()).length > 0) await pause(1000);
  return { stopped: underWay.length > 0, refused: await releases.refused() };
}
