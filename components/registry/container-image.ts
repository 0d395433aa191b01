import * as docker from "@pulumi/docker/image";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentCheck } from "../arguments";
import { imageReference } from "../rules";
import { hashBuildContext } from "./build-context";

const type = "groundwork:registry:ContainerImage";

/** Who may push to a registry. */
export interface RegistryCredentials {
  /** The registry's address, without the repository. */
  readonly server: pulumi.Input<string>;
  /** The user; for ECR always `AWS`. */
  readonly username: pulumi.Input<string>;
  /** The password or token. Kept as a secret. */
  readonly password: pulumi.Input<string>;
}

/** Arguments of {@link ContainerImage}: either `reference`, or `context` with `repositoryUrl`. */
export interface ContainerImageArgs {
  /**
   * An image that exists already, best by digest: `repository@sha256:...`.
   * @default the image is built from `context`
   */
  readonly reference?: pulumi.Input<string>;
  /**
   * The folder to build from, with a Dockerfile in it. Needs a running container engine.
   * @default nothing is built
   * @see https://docs.docker.com/build/concepts/context/
   */
  readonly context?: string;
  /**
   * The Dockerfile's path within the context.
   * @default "Dockerfile"
   */
  readonly dockerfile?: string;
  /**
   * Where the built image is pushed to, without a tag.
   */
  readonly repositoryUrl?: pulumi.Input<string>;
  /**
   * Who pushes.
   * @default nobody in particular, for a registry without a login
   */
  readonly credentials?: RegistryCredentials;
  /**
   * The processor and system to build for.
   * @default "linux/amd64"
   */
  readonly platform?: string;
  /**
   * Build arguments. Not for secrets: they stay readable in the image's history.
   * @default none
   */
  readonly buildArgs?: Readonly<Record<string, string>>;
}

/**
 * A container image, built here or taken as it is; whoever deploys it can't tell. What it is built
 * from decides its tag, so nothing is built or pushed when nothing has changed.
 *
 * Children: `name` (the built image), or none with `reference`.
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

  /**
   * @throws {InvalidArgumentsError} for a reference without digest or tag, a missing context, or
   * arguments that say both to build and not to
   */
  constructor(name: string, args: ContainerImageArgs, opts?: pulumi.ComponentResourceOptions) {
    const checked = check(name, args);
    super(type, name, {}, opts);

    this.ref =
      "reference" in checked
        ? pulumi.output(checked.reference)
        : new docker.Image(
            name,
            {
              imageName: pulumi.interpolate`${checked.repositoryUrl}:${checked.tag}`,
              build: { context: checked.context, platform: checked.platform, ...checked.build },
              registry: args.credentials && {
                ...args.credentials,
                password: pulumi.secret(args.credentials.password),
              },
            },
            { parent: this },
          ).repoDigest.apply(pushedDigest);
    this.digest = this.ref.apply((ref) => ref.split("@")[1]);
    this.registerOutputs({ ref: this.ref, digest: this.digest });
  }
}

/** Docker gives no digest for an image that it did not push. */
function pushedDigest(repoDigest: string | undefined): string {
  if (repoDigest) return repoDigest;
  throw new Error("The container engine gave no digest for the image that it pushed.");
}

function check(name: string, args: ContainerImageArgs) {
  const check = new ArgumentCheck(type, name);
  check.known<ContainerImageArgs>(args, {
    reference: true,
    context: true,
    dockerfile: true,
    repositoryUrl: true,
    credentials: true,
    platform: true,
    buildArgs: true,
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
  const platform = args.platform ?? "linux/amd64";
  const dockerfile = args.dockerfile ?? "Dockerfile";
  let tag = "";
  if (context === undefined) {
    check.problem("neither reference nor context is given: give one of them");
  } else {
    if (repositoryUrl === undefined) {
      check.problem("repositoryUrl is missing: say where the image is pushed to");
    }
    try {
      // Twelve digits are as many as Git shows of a commit: enough to tell builds apart.
      const settings = { dockerfile, platform, buildArgs: args.buildArgs ?? {} };
      tag = hashBuildContext(context, settings).slice(0, 12);
    } catch (error) {
      check.problem(`context: ${(error as Error).message}`);
    }
  }
  check.throwIfAny();
  return {
    context,
    repositoryUrl: check.noSecret(
      "repositoryUrl",
      repositoryUrl,
      "give a plain one, since it is part of the reference",
    ),
    platform,
    tag,
    build: {
      dockerfile: `${context}/${dockerfile}`,
      args: args.buildArgs && { ...args.buildArgs },
    },
  };
}
