import type * as pulumi from "@pulumi/pulumi";

/** Who may push to a registry. */
export interface RegistryCredentials {
  /** The registry's address, without the repository. */
  readonly server: pulumi.Input<string>;
  /** The user; for ECR always `AWS`. */
  readonly username: pulumi.Input<string>;
  /** The password or token. Kept as a secret; another one rebuilds nothing. */
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
   * The stage of the Dockerfile to build.
   * @default the last one
   * @see https://docs.docker.com/build/building/multi-stage/
   */
  readonly target?: string;
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
   * The processors and systems to build for. More than one need BuildKit.
   * @default ["linux/amd64"]
   */
  readonly platforms?: readonly string[];
  /**
   * Build arguments. Not for secrets: they stay readable in the image's history.
   * @default none
   */
  readonly buildArgs?: Readonly<Record<string, string>>;
  /**
   * Secrets that the build alone can read, by the id that `RUN --mount=type=secret,id=...` names.
   * They are not in the image, encrypted in the state, and another value rebuilds nothing. They
   * need BuildKit.
   * @default none
   * @see https://docs.docker.com/build/building/secrets/
   */
  readonly secrets?: Readonly<Record<string, pulumi.Input<string>>>;
  /**
   * Images whose layers are reused, as `cacheTo` wrote them. They need BuildKit.
   * @default what the engine has kept
   * @see https://docs.docker.com/build/cache/backends/registry/
   */
  readonly cacheFrom?: readonly pulumi.Input<string>[];
  /**
   * Image under which the layers of all stages are kept for other machines. Its tag must be mutable:
   * each build writes it anew. It needs BuildKit.
   * @default none
   */
  readonly cacheTo?: pulumi.Input<string>;
}
