import * as docker from "@pulumi/docker/image";
import * as buildkit from "@pulumi/docker-build/image";
import * as pulumi from "@pulumi/pulumi";
import type { ContainerImageArgs } from "./container-image-args";

/** An image to build, checked and with its defaults. */
export interface ImageBuild
  extends Pick<ContainerImageArgs, "credentials" | "secrets" | "cacheFrom" | "cacheTo" | "target"> {
  readonly context: string;
  /** The Dockerfile's path from where the program runs. */
  readonly dockerfile: string;
  /** Repository and tag. */
  readonly imageName: pulumi.Input<string>;
  readonly platforms: readonly string[];
  /** Whether it needs BuildKit; see {@link needsBuildKit}. */
  readonly buildKit: boolean;
  readonly buildArgs: Readonly<Record<string, string>> | undefined;
}

/** Whether an image asks for what the container engine's own builder can't do. */
export function needsBuildKit(args: ContainerImageArgs): boolean {
  const { platforms = [], secrets, cacheFrom, cacheTo } = args;
  return platforms.length > 1 || [secrets, cacheFrom, cacheTo].some((each) => each !== undefined);
}

/**
 * Builds an image and pushes it.
 * @returns the digest
 */
export function buildImage(
  name: string,
  build: ImageBuild,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  return build.buildKit ? withBuildKit(name, build, opts) : withEngine(name, build, opts);
}

/** By the container engine alone, which also reaches a registry on `localhost`. */
function withEngine(name: string, build: ImageBuild, opts: pulumi.CustomResourceOptions) {
  const { context, dockerfile, target, platforms, buildArgs, credentials, imageName } = build;
  const image = new docker.Image(
    name,
    {
      imageName,
      build: {
        context,
        dockerfile,
        platform: platforms[0],
        ...(target !== undefined && { target }),
        ...(buildArgs !== undefined && { args: { ...buildArgs } }),
      },
      registry: credentials && { ...credentials, password: pulumi.secret(credentials.password) },
    },
    opts,
  );
  return image.repoDigest.apply((repoDigest) => pushedDigest(repoDigest?.split("@")[1]));
}

/** By a BuildKit of its own, for what the engine alone can't do. */
function withBuildKit(name: string, build: ImageBuild, opts: pulumi.CustomResourceOptions) {
  const { context, dockerfile, target, buildArgs, credentials, secrets = {}, cacheTo } = build;
  const image = new buildkit.Image(
    name,
    {
      context: { location: context },
      dockerfile: { location: dockerfile },
      platforms: build.platforms as buildkit.ImageArgs["platforms"] & string[],
      push: true,
      tags: [build.imageName],
      // Else each preview of a change would build.
      buildOnPreview: false,
      ...(target !== undefined && { target }),
      ...(buildArgs !== undefined && { buildArgs: { ...buildArgs } }),
      ...(credentials !== undefined && {
        registries: [
          {
            address: credentials.server,
            username: credentials.username,
            password: pulumi.secret(credentials.password),
          },
        ],
      }),
      ...(Object.keys(secrets).length > 0 && {
        secrets: pulumi.secret({ ...secrets }),
        // What is built does not depend on who may read what it is built from.
        ignoreSecretsInDiffCalculation: Object.keys(secrets),
      }),
      ...(build.cacheFrom && { cacheFrom: build.cacheFrom.map((ref) => ({ registry: { ref } })) }),
      // All stages, in the form that ECR takes.
      ...(cacheTo !== undefined && {
        cacheTo: [
          { registry: { ref: cacheTo, mode: "max", imageManifest: true, ociMediaTypes: true } },
        ],
      }),
    },
    // It would delete the image from the registry, and another environment may run it.
    { ...opts, retainOnDelete: true },
  );
  return image.digest.apply(pushedDigest);
}

/** Neither provider fails where the registry told no digest. */
function pushedDigest(digest: string | undefined): string {
  if (digest !== undefined && /^sha256:[0-9a-f]{64}$/.test(digest)) return digest;
  throw new Error(
    "The registry told no digest of the image that was pushed. Run the update again.",
  );
}
