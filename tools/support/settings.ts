import { join } from "node:path";
import { parse } from "yaml";
import { keys } from "../../config/keys";
import { readText } from "./files";

/** What a stack's file says about the platform to use. */
export interface PlatformSettings {
  /** An AWS emulator that runs already, by URL. */
  readonly awsEndpoint?: string;
  /** The URL by which pods find that emulator, or the one of this tree. */
  readonly podAwsEndpoint?: string;
  /** The region that the program uses. */
  readonly awsRegion: string;
  /** The path of a kubeconfig for a cluster of the user's own. */
  readonly kubeconfig?: string;
  /** A context in that kubeconfig, or in the user's own. */
  readonly kubeContext?: string;
  /** The image of the web service, where none is built. */
  readonly webImage?: string;
}

/** Reads the keys that concern the platform from `Pulumi.<stack>.yaml`. */
export function readSettings(root: string, stack: string): PlatformSettings {
  const text = readText(join(root, `Pulumi.${stack}.yaml`)) ?? "";
  const config = (parse(text) as { config?: Record<string, unknown> } | null)?.config ?? {};
  const string = (key: string) => {
    const value = config[key];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  return {
    awsEndpoint: string("groundwork:awsEndpoint"),
    awsRegion: string("groundwork:region") ?? keys.region.default,
    kubeconfig: string("groundwork:kubeconfig"),
    kubeContext: string("groundwork:kubeContext"),
    podAwsEndpoint: string("groundwork:podAwsEndpoint"),
    webImage: string("groundwork:webImage"),
  };
}
