import { isLocal } from "../../config/environments";
import type { Layout } from "../support/layout";
import { readSettings } from "../support/settings";
import type { Wishes } from "./decision";
import { forcedSource } from "./machine";

/** What a stack's configuration and GROUNDWORK_ENGINE want of this machine. */
export function wishesOf({ root }: Layout, stack: string): Wishes {
  const { kubeconfig, kubeContext, awsEndpoint } = readSettings(root, stack);
  const forced = forcedSource(process.env["GROUNDWORK_ENGINE"]);
  return {
    local: isLocal(stack),
    ownCluster: kubeconfig !== undefined || kubeContext !== undefined,
    ownEmulator: awsEndpoint !== undefined,
    ...(forced !== undefined && { forced }),
  };
}
