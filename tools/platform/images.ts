import { webImage } from "../../stacks/images";
import { Failure, Interrupted } from "../support/failure";
import type { Layout } from "../support/layout";
import type { Environment } from "../support/programs";
import type { PlatformSettings } from "../support/settings";
import { say } from "../support/steps";
import { buildImage } from "./built-image";
import { containerEngine } from "./containers";
import type { ClusterKind } from "./kubernetes";
import { noteLoss } from "./losses";
import { provideRegistry } from "./registry";

/**
 * The source of the images that the program deploys: the docker plugin builds them, or the container
 * engine's own command where the plugin can't be had, or they are taken by reference.
 */
export type ImageSource = "plugin" | "command" | { readonly byReference: string };

/** The part of the local platform that has to do with images. */
export interface PlatformImages {
  /** `localhost:PORT` where images are built and pushed to; absent where they come by reference. */
  readonly imageRegistry?: string | undefined;
  /** The web service's image by digest, where it was built without the docker plugin. */
  readonly webImage?: string | undefined;
  /** The reason for taking images by reference; absent where they are built. */
  readonly byReference?: string | undefined;
  /** Variables that lead the docker plugin to the container engine. */
  readonly containerEngine?: Environment | undefined;
}

/** Has images at hand, in the way that was chosen, or refuses at once where pods would wait for them. */
export async function provideImages(
  here: Layout,
  settings: PlatformSettings,
  cluster: ClusterKind,
  source: ImageSource,
): Promise<PlatformImages> {
  if (typeof source === "object") return byReference(source.byReference);
  const engine = await containerEngine();
  if (!engine.runs) return byReference(engine.why);
  const imageRegistry = await registryOrNone(here, settings, cluster);
  if (typeof imageRegistry === "object") return byReference(imageRegistry.byReference);
  say(`Images: built here and pushed to ${imageRegistry}`);
  if (source === "plugin") return { imageRegistry, containerEngine: engine.env };
  return {
    imageRegistry,
    webImage: await buildImage(here, imageRegistry, webImage, engine.podman),
  };
}

function byReference(reason: string): PlatformImages {
  say(`Images: taken by reference, because ${reason}`);
  return { byReference: reason };
}

/** The registry; without one, images that the cluster can pull are taken instead, if any are named. */
async function registryOrNone(
  here: Layout,
  { webImage: named }: PlatformSettings,
  cluster: ClusterKind,
): Promise<string | { readonly byReference: string }> {
  try {
    return await provideRegistry(here, cluster === "kind", () => noteLoss(here, "docker"));
  } catch (error) {
    if (!(error instanceof Failure) || error instanceof Interrupted) throw error;
    if (isPullable(named)) return { byReference: `the local registry can't run. ${error.message}` };
    throw new Failure("The local registry can't run, so pods would have no image.", [
      error.message,
      "Mend the cause, or name an image that the cluster can pull:",
      "  pulumi config set groundwork:webImage REPOSITORY@DIGEST",
    ]);
  }
}

/** Returns whether nodes could pull an image: `localhost` is themselves. */
function isPullable(reference: string | undefined): boolean {
  return reference !== undefined && !/^(localhost|127\.0\.0\.1)[:/]/.test(reference);
}
