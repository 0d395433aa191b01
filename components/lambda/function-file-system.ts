import * as pulumi from "@pulumi/pulumi";
import type { ArgumentCheck } from "../arguments";
import type { Statement } from "../iam/grant";
import { matching, trueOrFalse } from "../rules";

/** A file system that a function finds in a folder. */
export interface FunctionFileSystem {
  /**
   * ARN of an access point in Amazon EFS, with mount targets in the function's subnets that let
   * its security group in on port 2049. Make them before the function (`dependsOn`).
   */
  readonly accessPointArn: pulumi.Input<string>;
  /** The folder, below `/mnt/`. */
  readonly localMountPath: pulumi.Input<string>;
  /**
   * Lets the function read and no more.
   * @default false
   */
  readonly readOnly?: boolean;
}

const accessPoint = matching(
  /^arn:aws[a-z-]*:elasticfilesystem:[a-z0-9-]+:\d{12}:access-point\/fsap-[0-9a-f]+$/,
  "the ARN of an access point, like arn:aws:elasticfilesystem:...:access-point/fsap-...",
);

/** Checks a file system. */
export function checkFileSystem(check: ArgumentCheck, args: FunctionFileSystem | undefined) {
  if (args === undefined) return undefined;
  check.known<FunctionFileSystem>(
    args,
    { accessPointArn: true, localMountPath: true, readOnly: true },
    "fileSystem.",
  );
  return {
    accessPointArn: check.required("fileSystem.accessPointArn", args.accessPointArn, accessPoint),
    localMountPath: check.required(
      "fileSystem.localMountPath",
      args.localMountPath,
      matching(/^\/mnt\/[\w.-]{1,155}$/, "a folder below /mnt, like /mnt/data"),
    ),
    readOnly: check.plain("fileSystem.readOnly", args.readOnly ?? false, trueOrFalse),
  };
}

/** IAM knows clients' rights to a file system only as a whole; the condition names its access point. */
export function mountStatement(args: NonNullable<ReturnType<typeof checkFileSystem>>): Statement {
  const accessPointArn = pulumi.output(args.accessPointArn);
  return {
    actions: [
      "elasticfilesystem:ClientMount",
      ...(args.readOnly ? [] : ["elasticfilesystem:ClientWrite"]),
    ],
    resources: [
      accessPointArn.apply((text) => text.replace(/:access-point\/.*$/, ":file-system/*")),
    ],
    condition: { StringEquals: { "elasticfilesystem:AccessPointArn": accessPointArn } },
  };
}
