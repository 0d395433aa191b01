import { deployedServices } from "./cluster/services";
import type { ExportedStack } from "./cut-off";
import type { Remarks } from "./platform/functions";
import { limitLines } from "./platform/limits";
import type { Platform } from "./platform/platform";
import { target } from "./support/target";

/** What `make up` ends with: the stack's outputs, from where they can be reached, what to try. */
export function ending(
  state: ExportedStack,
  platform: Platform,
  stack: string,
  { failing, different }: Remarks,
): string[] {
  const simulated = platform.cluster === "simulated";
  const podsReachAws = platform.cluster !== "kind" || platform.podAwsEndpoint !== undefined;
  const broken = [
    ...failing,
    ...(podsReachAws ? [] : ["  Pods can't reach the AWS emulator: set podAwsEndpoint"]),
  ];
  const commands = [
    ["try", "sends an order through all of it"],
    ["dev", "brings each change live as soon as it is saved"],
    ...(simulated ? [] : [["forward SERVICE=web", "leads a port of this machine to a service"]]),
    ["preview", "shows what a change would do"],
    ["down", "takes everything away"],
  ].map(([name = "", about = ""]) => [target(name, stack), about] as const);
  const width = Math.max(...commands.map(([command]) => command.length));
  return [
    ...outputLines(state, simulated, stack),
    ...section("Functions that run differently than in Lambda:", different),
    ...limitLines(state),
    ...(broken.length === 0
      ? ["", "Everything is up. What to try:"]
      : [
          ...section("The stack is up to date, but not all of it works:", broken),
          "",
          "What to try:",
        ]),
    ...commands.map(([command, about]) => `  ${command.padEnd(width)}  ${about}`),
    `  eval "$(${target("-s env", stack)})"`,
    `  ${" ".repeat(width)}  has pulumi, kubectl and aws mean this stack`,
  ];
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", title, ...lines];
}

function outputLines(state: ExportedStack, simulated: boolean, stack: string): string[] {
  const root = state.deployment?.resources?.find(({ type }) => type === "pulumi:pulumi:Stack");
  const outputs = Object.entries(root?.outputs ?? {}).sort(([one], [other]) =>
    one.localeCompare(other),
  );
  const width = Math.max(0, ...outputs.map(([name]) => name.length));
  return outputs.flatMap(([name, value]) => {
    const line = `  ${name.padEnd(width)}  ${shown(value)}`;
    const service = serviceBehind(state, value);
    if (service === undefined) return [line];
    const note = simulated
      ? "answers nobody: the cluster is simulated"
      : `a name inside the cluster; ${target(`forward SERVICE=${service}`, stack)} leads to it`;
    return [line, `  ${" ".repeat(width)}  ${note}`];
  });
}

/** The Service that a URL names as only the cluster knows it. */
function serviceBehind(state: ExportedStack, url: unknown): string | undefined {
  if (typeof url !== "string" || !URL.canParse(url)) return undefined;
  const [first, second, third] = new URL(url).hostname.split(".");
  return deployedServices(state).find(
    ({ name, namespace }) =>
      name === first && namespace === second && (third === undefined || third === "svc"),
  )?.name;
}

function shown(value: unknown): string {
  if (typeof value === "string") return value;
  return JSON.stringify(value, (_key, each) => (isSecret(each) ? "[secret]" : each));
}

/** A secret in an exported state is an object with the engine's signature. */
function isSecret(value: unknown): boolean {
  return Object(value)["4dabf18193072939515e22adb298388d"] === "1b47061264138c4ac30d75fd1eb44270";
}
