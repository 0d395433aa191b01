import * as pulumi from "@pulumi/pulumi";
import { ArgumentCheck } from "../arguments";
import { imageReference, matching } from "../rules";
import { hashBuildContext } from "./build-context";
import type { ContainerImageArgs } from "./container-image-args";
import { buildImage, needsBuildKit } from "./image-build";

const type = "groundwork:registry:ContainerImage";

/**
 * A container image, built here or taken as it is; whoever deploys it can't tell. What it is built
 * from decides its tag, so nothing is built or pushed when nothing has changed.
 *
 * Children: `name` (the built image), or none with `reference`. Destroying it leaves the image in
 * the registry.
 *
 * @example
 * const built = new ContainerImage("web", { context: "apps/web", repositoryUrl: registry.url });
 * const taken = new ContainerImage("web", { reference: "example.com/web@sha256:..." });
 *
 * @see https://docs.docker.com/reference/cli/docker/image/pull/#pull-an-image-by-digest-immutable-identifier
 */
export class ContainerImage extends pulumi.ComponentResource {
  /** What to deploy: `repository@sha256:...`, or as given where only a tag is known. */
  readonly ref: pulumi.Output<string>;
  /** The digest, `sha256:...`; undefined for a reference by tag. */
  readonly digest: pulumi.Output<string | undefined>;
  /** The tag, of a built image a hash of what it is built from; undefined for a bare digest. */
  readonly tag: pulumi.Output<string | undefined>;

  /**
   * @throws {InvalidArgumentsError} for a reference without digest or tag, a missing context, or
   * arguments that say both to build and not to
   */
  constructor(name: string, args: ContainerImageArgs, opts?: pulumi.ComponentResourceOptions) {
    const checked = check(name, args);
    super(type, name, {}, opts);

    if ("reference" in checked) {
      this.ref = pulumi.output(checked.reference);
      this.digest = this.ref.apply((ref) => ref.split("@")[1]);
      this.tag = this.ref.apply((ref) => /:([^:/]+)$/.exec(ref.split("@")[0] ?? "")?.[1]);
    } else {
      const { repositoryUrl, tag, ...build } = checked;
      const imageName = pulumi.interpolate`${repositoryUrl}:${tag}`;
      const digest = buildImage(name, { ...build, imageName }, { parent: this });
      this.ref = pulumi.interpolate`${repositoryUrl}@${digest}`;
      this.digest = digest;
      this.tag = pulumi.output(tag);
    }
    this.registerOutputs({ ref: this.ref, digest: this.digest, tag: this.tag });
  }
}

function check(name: string, args: ContainerImageArgs) {
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
  const { dockerfile = "Dockerfile", platforms = ["linux/amd64"], buildArgs, target } = args;
  if (platforms.length === 0) check.problem("platforms is empty: give at least one");
  // They decide the tag, which has to be known now.
  const decisive = {
    target,
    ...prefixed("platforms", platforms),
    ...prefixed("buildArgs", buildArgs),
  };
  for (const [argument, value] of Object.entries(decisive)) {
    if (value === undefined || typeof value === "string") continue;
    check.problem(`${argument} is no plain text: give one, and what is secret in secrets`);
  }
  for (const [index, each] of platforms.entries()) {
    if (typeof each === "string") check.input(`platforms[${index}]`, each, platform);
  }
  const advice = "give a plain one, since it names where the image is";
  const cacheFrom = args.cacheFrom?.map((each, index) =>
    check.noSecret(
      `cacheFrom[${index}]`,
      check.input(`cacheFrom[${index}]`, each, imageReference),
      advice,
    ),
  );
  const cacheTo = check.noSecret(
    "cacheTo",
    check.input("cacheTo", args.cacheTo, imageReference),
    advice,
  );
  const buildKit = needsBuildKit(args);
  let tag = "";
  if (context === undefined) {
    check.problem("neither reference nor context is given: give one of them");
  } else {
    if (repositoryUrl === undefined) {
      check.problem("repositoryUrl is missing: say where the image is pushed to");
    }
    try {
      // Twelve digits are as many as Git shows of a commit: enough to tell builds apart.
      tag = hashBuildContext(context, {
        dockerfile,
        target,
        platforms,
        buildKit,
        secretNames: Object.keys(args.secrets ?? {}),
        buildArgs: buildArgs ?? {},
      }).slice(0, 12);
    } catch (error) {
      check.problem(`context: ${(error as Error).message}`);
    }
  }
  check.throwIfAny();
  return {
    context: context ?? "",
    dockerfile: `${context}/${dockerfile}`,
    target,
    repositoryUrl: check.noSecret(
      "repositoryUrl",
      repositoryUrl,
      "give a plain one, since it is part of the reference",
    ),
    credentials: args.credentials,
    platforms,
    buildKit,
    buildArgs,
    secrets: args.secrets,
    cacheFrom,
    cacheTo,
    tag,
  };
}

const prefixed = (argument: string, values: object = {}) =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [`${argument}.${key}`, value]));

/** @see https://docs.docker.com/build/building/multi-platform/ */
const platform = matching(
  /^[a-z0-9]+\/[a-z0-9_]+(\/[a-z0-9]+)?$/,
  "a system and a processor, like linux/arm64",
);
