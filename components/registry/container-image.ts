import * as pulumi from "@pulumi/pulumi";
import type { ContainerImageArgs } from "./container-image-args";
import { checkArguments } from "./container-image-check";
import { buildImage } from "./image-build";

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
    const checked = checkArguments(type, name, args);
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
