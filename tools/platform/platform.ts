import { rmSync } from "node:fs";
import { readJson, writeJson } from "../support/files";
import type { Layout } from "../support/layout";
import type { PlatformSettings } from "../support/settings";
import { EMULATOR, provideAws } from "./aws";
import { type ImageSource, type PlatformImages, provideImages } from "./images";
import { type Cluster, type ClusterKind, provideCluster, removeCluster } from "./kubernetes";
import { noteLoss, noteNothingLeft } from "./losses";
import { providePodEndpoint } from "./pod-access";
import { savedPorts } from "./ports";
import { removeRegistry } from "./registry";
import { type ServiceState, services, stopServices } from "./services";
import { simulatedServices } from "./simulated";

/** Where the local platform is reached. Kept in a file for the commands that only look. */
export interface Platform extends PlatformImages {
  readonly awsEndpoint: string;
  /** The same for pods; absent where there are none, or none of them can reach it. */
  readonly podAwsEndpoint?: string | undefined;
  /** Whether the AWS emulator is this tree's own, so that it may be emptied. */
  readonly ownEmulator: boolean;
  readonly awsRegion: string;
  readonly cluster: ClusterKind;
  readonly kubeconfig?: string;
  readonly kubeContext?: string;
}

/** The platform that was started last, if it was not taken away since. */
export function recordedPlatform(here: Layout): Platform | undefined {
  const record = readJson<Platform>(here.platformRecord);
  const whole = typeof record?.awsEndpoint === "string" && URL.canParse(record.awsEndpoint);
  return whole ? (record as Platform) : undefined;
}

/**
 * Starts what of the platform is not running, and records where it is.
 * @param images undefined where nothing is deployed: then they stay as they are
 */
export async function providePlatform(
  here: Layout,
  settings: PlatformSettings,
  kind: ClusterKind,
  images: ImageSource | undefined,
): Promise<Platform> {
  // Noted before anything empty is started, so that it is known whatever happens then.
  const aws = await provideAws(here, settings, () => noteLoss(here, "aws"));
  const cluster: Cluster = await provideCluster(here, kind, settings, () =>
    noteLoss(here, "kubernetes"),
  );
  const platform: Platform = {
    awsEndpoint: aws.endpoint,
    podAwsEndpoint: await providePodEndpoint(here, settings, aws, kind),
    ownEmulator: aws.own,
    awsRegion: settings.awsRegion,
    cluster: kind,
    kubeconfig: cluster.kubeconfig,
    kubeContext: settings.kubeContext,
    ...(images === undefined
      ? imagesOf(recordedPlatform(here) ?? {})
      : await provideImages(here, settings, kind, images)),
  };
  writeJson(here.platformRecord, platform);
  return platform;
}

/** Builds by the container engine's command what the docker plugin does not build, and records it. */
export async function rebuildImages(
  here: Layout,
  settings: PlatformSettings,
  platform: Platform,
): Promise<Platform> {
  const images = await provideImages(here, settings, platform.cluster, "command");
  const rebuilt: Platform = { ...platform, ...images };
  writeJson(here.platformRecord, rebuilt);
  return rebuilt;
}

function imagesOf(platform: PlatformImages): PlatformImages {
  const { imageRegistry, webImage, byReference, containerEngine } = platform;
  return { imageRegistry, webImage, byReference, containerEngine };
}

/** Stops the local platform and removes its data. */
export async function removePlatform(here: Layout): Promise<void> {
  await stopServices(here);
  await removeCluster(here);
  await removeRegistry(here);
  for (const path of [here.platformRecord, here.ahead]) {
    rmSync(path, { recursive: true, force: true });
  }
  noteNothingLeft(here);
}

/** Every local server that these tools started, as it is now. */
export function platformServices(here: Layout): ServiceState[] {
  return [...services(here), ...simulatedServices(here, savedPorts(here))];
}

/** Whether the tree's own emulator runs. */
export function emulatorRuns(here: Layout): boolean {
  return services(here).some(({ name, pid }) => name === EMULATOR && pid !== undefined);
}
