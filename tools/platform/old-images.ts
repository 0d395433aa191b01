import { join } from "node:path";
import { filesBelow, readText } from "../support/files";
import type { Layout } from "../support/layout";
import { capture } from "../support/programs";

/** An image in the container engine that was built for a registry of this tree. */
interface BuiltImage {
  /** By which it is removed. */
  readonly reference: string;
  readonly digest: string;
}

/**
 * Removes the images in the container engine that were built for this tree and that no local stack
 * runs any more. The registry keeps them: a pod that still runs one may be moved to another node.
 */
export async function removeOldImages(here: Layout, registry: string): Promise<void> {
  const deployed = deployedDigests(here);
  await removeImages(registry, ({ digest }) => !deployed.has(digest));
}

/** Removes images of a registry from the container engine; one that a container runs stays. */
export async function removeImages(
  registry: string,
  which: (image: BuiltImage) => boolean = () => true,
): Promise<void> {
  const old = (await builtImages(registry)).filter(which).map(({ reference }) => reference);
  if (old.length > 0) await capture("docker", ["image", "rm", ...old]);
}

async function builtImages(registry: string): Promise<readonly BuiltImage[]> {
  const format = "{{.Repository}} {{.Tag}} {{.Digest}}";
  const filter = `reference=${registry}/*`;
  const { stdout } = await capture("docker", [
    ...["images", "--digests", "--filter", filter, "--format", format],
  ]);
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [repository = "", tag = "", digest = ""] = line.split(" ");
      const reference = tag === "<none>" ? `${repository}@${digest}` : `${repository}:${tag}`;
      return { reference, digest };
    });
}

/** The digests in the states of the local stacks. */
function deployedDigests(here: Layout): ReadonlySet<string> {
  const folder = join(here.state, ".pulumi", "stacks");
  const states = filesBelow(folder).filter((file) => file.endsWith(".json"));
  return new Set(
    states.flatMap((file) => readText(join(folder, file))?.match(/sha256:[0-9a-f]{64}/g) ?? []),
  );
}
