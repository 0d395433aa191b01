import type { DeploymentInfo, DeploymentStatus } from "@aws-sdk/client-codedeploy";
import type { Deployment, Releases } from "./traffic-shift";

/** Where CodeDeploy finds what it moves. */
export interface DeploymentTarget {
  /** The function's ARN, which also says in which region it is. */
  readonly functionArn: string;
  readonly application: string;
  readonly deploymentGroup: string;
  /** The alias whose calls go over. */
  readonly alias: string;
  /** Names of the functions that are asked before and after. */
  readonly beforeTraffic?: string;
  readonly afterTraffic?: string;
}

/** Whose credentials to use; what is undefined is taken from the environment. */
export interface Access {
  readonly profile?: string;
  readonly accessKey?: string;
  readonly secretKey?: string;
  readonly token?: string;
}

/** The releases of an alias, those that are over included. */
export interface ReleasesSoFar extends Releases {
  /** The versions that were taken back, or stopped. */
  refused(): Promise<readonly string[]>;
}

/** The releases of an alias by the API of AWS. */
export async function codeDeploy(target: DeploymentTarget, access: Access): Promise<ReleasesSoFar> {
  // Not before they are needed: a preview starts faster by a tenth of a second.
  const sdk = await import("@aws-sdk/client-codedeploy");
  const lambda = await import("@aws-sdk/client-lambda");
  const options = clientOptions(target.functionArn, access);
  const client = new sdk.CodeDeployClient(options);
  const functions = new lambda.LambdaClient(options);
  const group = {
    applicationName: target.application,
    deploymentGroupName: target.deploymentGroup,
  };
  const list = async (...includeOnlyStatuses: DeploymentStatus[]) => {
    const listing = new sdk.ListDeploymentsCommand({ ...group, includeOnlyStatuses });
    return (await client.send(listing)).deployments ?? [];
  };
  const deployment = async (id: string) => {
    const getting = new sdk.GetDeploymentCommand({ deploymentId: id });
    return described(id, (await client.send(getting)).deploymentInfo ?? {});
  };
  return {
    async liveVersion() {
      const input = { FunctionName: target.functionArn, Name: target.alias };
      const { FunctionVersion } = await functions.send(new lambda.GetAliasCommand(input));
      return FunctionVersion ?? "";
    },
    async start(from, to) {
      const content = JSON.stringify(appSpec(target, from, to));
      const { deploymentId } = await client.send(
        new sdk.CreateDeploymentCommand({
          ...group,
          revision: { revisionType: "AppSpecContent", appSpecContent: { content } },
        }),
      );
      return deploymentId ?? "";
    },
    underWay: () => list("Created", "Queued", "InProgress", "Baking", "Ready"),
    deployment,
    async refused() {
      const over = await Promise.all((await list("Failed", "Stopped")).map(deployment));
      return over.flatMap(({ version }) => version ?? []);
    },
    async stop(id) {
      const input = { deploymentId: id, autoRollbackEnabled: true };
      await client.send(new sdk.StopDeploymentCommand(input));
    },
  };
}

/** The options of a client for what is about a function: its region is the function's. */
export function clientOptions(functionArn: string, access: Access) {
  const { profile, accessKey, secretKey, token } = access;
  return {
    region: functionArn.split(":")[3],
    // Minutes of asking should not be lost to one that was not answered.
    maxAttempts: 10,
    ...(profile !== undefined && { profile }),
    ...(accessKey !== undefined &&
      secretKey !== undefined && {
        credentials: {
          accessKeyId: accessKey,
          secretAccessKey: secretKey,
          ...(token !== undefined && { sessionToken: token }),
        },
      }),
  };
}

/** @see https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-example.html#appspec-file-example-lambda */
export function appSpec(target: DeploymentTarget, from: string, to: string) {
  const hooks = [
    { BeforeAllowTraffic: target.beforeTraffic },
    { AfterAllowTraffic: target.afterTraffic },
  ].filter((hook) => Object.values(hook)[0] !== undefined);
  return {
    version: 0.0,
    Resources: [
      {
        function: {
          Type: "AWS::Lambda::Function",
          Properties: {
            Name: target.functionArn.split(":")[6],
            Alias: target.alias,
            CurrentVersion: from,
            TargetVersion: to,
          },
        },
      },
    ],
    ...(hooks.length > 0 && { Hooks: hooks }),
  };
}

/** What is of interest in CodeDeploy's account of a deployment. */
export function described(id: string, info: DeploymentInfo): Deployment {
  const { code, message } = info.errorInformation ?? {};
  return {
    id,
    status: info.status ?? "Unknown",
    version: targetVersion(info.revision?.appSpecContent?.content),
    isRollback: info.creator === "codeDeployRollback",
    error: code === undefined ? message : `${code}: ${message ?? ""}`,
    rollbackId: info.rollbackInfo?.rollbackDeploymentId,
  };
}

function targetVersion(content: string | undefined): string | undefined {
  // Whoever deploys by hand may write it as YAML.
  return /"?TargetVersion"?\s*:\s*"?(\d+)/.exec(content ?? "")?.[1];
}
