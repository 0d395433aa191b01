import type { EnvironmentKind } from "../config";
import { availabilityRules } from "./availability";
import { configurationRules } from "./configuration";
import { corsRules } from "./cors";
import { noCredentials } from "./credentials";
import { dataRules } from "./data";
import { eventRules } from "./events";
import { iamRules } from "./iam";
import { kubernetesRules } from "./kubernetes";
import { lambdaRules } from "./lambda";
import { messagingRules } from "./messaging";
import { monitoringRules } from "./monitoring";
import { registryRules } from "./registry";
import type { Rule } from "./rule";
import { trafficRules } from "./traffic";

const ofFolders: readonly Rule[] = [
  ...registryRules,
  ...kubernetesRules,
  ...availabilityRules,
  ...trafficRules,
  ...lambdaRules,
  ...eventRules,
  ...messagingRules,
  ...dataRules,
  ...monitoringRules,
  ...configurationRules,
  ...iamRules,
  ...corsRules,
];

/** Every rule of the pack. A new component's rules get a file of their own and a line above. */
export const rules: readonly Rule[] = [
  ...ofFolders,
  noCredentials([...new Set(ofFolders.flatMap(({ types }) => types))]),
];

/**
 * The rules that hold for a stack, and how. Where it is not known where a stack runs, all of them
 * do, as in the cloud.
 */
export function rulesFor(stack: string, environments: Readonly<Record<string, EnvironmentKind>>) {
  const kind = Object.hasOwn(environments, stack) ? environments[stack] : undefined;
  const isLocal = kind?.platform === "local";
  const mayBeProduction = kind === undefined || kind.production === true;
  return {
    enforcementLevel: isLocal ? ("advisory" as const) : ("mandatory" as const),
    rules: rules.filter(
      (rule) => !(isLocal && rule.cloudOnly) && !(rule.productionOnly === true && !mayBeProduction),
    ),
  };
}
