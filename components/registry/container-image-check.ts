import type * as pulumi from "@pulumi/pulumi";
import { ArgumentCheck } from "../arguments";
import { imageReference, matching, text } from "../rules";
import { hashBuildContext } from "./build-context";
import type { ContainerImageArgs, RegistryCredentials } from "./container-image-args";
import { needsBuildKit } from "./image-build";

/**
 * Checks the arguments of an image.
 * @returns the reference to take, or what to build and by which tag to push it
 */
export function checkArguments(type: string, name: string, args: ContainerImageArgs) {
  const check = new ArgumentCheck(type, name);
  check.known<ContainerImageArgs>(args, {
    reference: true,
    context: true,
    dockerfile: true,
    target: true,
    repositoryUrl: true,
    credentials: true,
    platforms: true,
    buildArgs: true,
    secrets: true,
    cacheFrom: true,
    cacheTo: true,
  });
  const { context, reference, repositoryUrl } = args;
  if (reference !== undefined) {
    if (context !== undefined) {
      check.problem("reference and context are both given: the image is either taken or built");
    }
    const checked = { reference: check.input("reference", reference, imageReference) };
    check.throwIfAny();
    return checked;
  }
  if (context === undefined) {
    check.problem("neither reference nor context is given: give one of them");
  } else if (repositoryUrl === undefined) {
    check.problem("repositoryUrl is missing: say where the image is pushed to");
  }
  const checked = {
    ...checkDecisive(check, args),
    repositoryUrl: check.noSecret(
      "repositoryUrl",
      check.input("repositoryUrl", repositoryUrl, text),
      "give a plain one, since it is part of the reference",
    ),
    secrets: check.texts("secrets", args.secrets),
    ...checkCache(check, args),
    credentials: checkCredentials(check, args.credentials),
  };
  check.throwIfAny();
  return checked;
}

/** Checks what decides the tag, which has to be known now. */
function checkDecisive(check: ArgumentCheck, args: ContainerImageArgs) {
  const context = check.plain("context", args.context, text) ?? "";
  const dockerfile = check.plain("dockerfile", args.dockerfile ?? "Dockerfile", text);
  const target = check.plain("target", args.target, text);
  const buildArgs = check.map("buildArgs", args.buildArgs);
  for (const [key, value] of Object.entries(buildArgs)) {
    if (typeof value === "string") continue;
    check.problem(`buildArgs.${key} is no plain text: give one, and what is secret in secrets`);
  }
  const platforms = check.listOf("platforms", args.platforms ?? ["linux/amd64"], platform);
  if (platforms.length === 0) check.problem("platforms is empty: give at least one");
  const buildKit = needsBuildKit({ ...args, platforms });
  let tag = "";
  const texts = [args.context, dockerfile, target ?? "", ...platforms, ...Object.values(buildArgs)];
  // There is no hash of anything else, which has been refused.
  if (texts.every((each) => typeof each === "string")) {
    try {
      // Twelve digits are as many as Git shows of a commit: enough to tell builds apart.
      tag = hashBuildContext(context, {
        dockerfile,
        target,
        platforms,
        buildKit,
        secretNames: Object.keys(args.secrets ?? {}),
        buildArgs,
      }).slice(0, 12);
    } catch (error) {
      check.problem(`context: ${(error as Error).message}`);
    }
  }
  return {
    context,
    dockerfile: `${context}/${dockerfile}`,
    target,
    platforms,
    buildKit,
    buildArgs: args.buildArgs && buildArgs,
    tag,
  };
}

function checkCredentials(check: ArgumentCheck, given: RegistryCredentials | undefined) {
  if (given === undefined) return undefined;
  check.known<RegistryCredentials>(
    given,
    { server: true, username: true, password: true },
    "credentials.",
  );
  return {
    server: check.required("credentials.server", given.server, text),
    username: check.required("credentials.username", given.username, text),
    password: check.required("credentials.password", given.password, text, { secret: true }),
  };
}

function checkCache(check: ArgumentCheck, { cacheFrom, cacheTo }: ContainerImageArgs) {
  const image = (argument: string, given: pulumi.Input<string>) =>
    check.noSecret(
      argument,
      check.required(argument, given, imageReference),
      "give a plain one, since it names where the image is",
    );
  const from = check.list("cacheFrom", cacheFrom);
  return {
    cacheFrom: cacheFrom && from.map((each, i) => image(`cacheFrom[${i}]`, each)),
    cacheTo: cacheTo === undefined ? undefined : image("cacheTo", cacheTo),
  };
}

/** @see https://docs.docker.com/build/building/multi-platform/ */
const platform = matching(
  /^[a-z0-9]+\/[a-z0-9_]+(\/[a-z0-9]+)?$/,
  "a system and a processor, like linux/arm64",
);
