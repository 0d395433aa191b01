/**
 * Records a preview for the tests of the report. After `make up`, change the program, then
 *
 *     node --import tsx test/tools/report/record.ts NAME [command of pulumi with its options]
 *
 * writes NAME.jsonl: what the report is made from, without what it does not look at, and with
 * other secrets and ports than those of the machine.
 */
import { join, resolve } from "node:path";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { withoutOwnTools } from "../../../tools/platform/environment";
import { Preparation } from "../../../tools/preparation";
import { isSecret, secretText } from "../../../tools/report/masked";
import { observe } from "../../../tools/report/preview";
import { configSecrets, Mask } from "../../../tools/report/secrets";
import { writeText } from "../../../tools/support/files";
import { layout } from "../../../tools/support/layout";
import { merged } from "../../../tools/support/programs";
import { runSteps } from "../../../tools/support/steps";
import { canaries } from "./canaries";

type Step = NonNullable<EngineEvent["resourcePreEvent"]>["metadata"];
type State = NonNullable<Step["new"]>;

async function main([name = "preview", ...args]: readonly string[]): Promise<void> {
  const here = layout(resolve(__dirname, "../../.."));
  process.env = merged(withoutOwnTools(here, process.env));
  const prepared = new Preparation(here, "dev");
  await runSteps(prepared.everything());
  const command = args.length > 0 ? args : ["preview", "--policy-pack", "policy"];
  const { events, registrations } = await observe(prepared.stack, command);
  const secrets = await configSecrets(prepared.stack);
  const mask = new Mask(secrets);
  const holding = registrations.filter(
    ({ urn, properties }) => mask.keysIn(JSON.stringify(properties)).length > 0 && !isKept(urn),
  );
  const lines = [...events.flatMap(reduced), ...holding.map((registration) => ({ registration }))];
  const text = secrets.reduce(
    (all, { key, value }) => replaced(all, value, canaries[key] ?? ""),
    lines.map((line) => `${JSON.stringify(line)}\n`).join(""),
  );
  const withoutPorts = text.replace(/127\.0\.0\.1:\d+/g, "127.0.0.1:4566");
  writeText(join(__dirname, `${name}.jsonl`), withoutPorts);
}

/** Where secrets belong. */
const isKept = (urn: string) => /:(Secret|SecretVersion)::/.test(urn);

/** One secret for another of the same length, also in base64. */
function replaced(text: string, value: string, by: string): string {
  if (by.length !== value.length) throw new Error(`a canary needs ${value.length} characters`);
  const coded = (each: string, before: string) => Buffer.from(before + each).toString("base64");
  return ["", "user:"].reduce(
    (all, before) => all.replaceAll(coded(value, before), coded(by, before)),
    text.replaceAll(value, by),
  );
}

/** An event as far as the report looks at it. */
function reduced(event: EngineEvent): readonly object[] {
  const { resourcePreEvent, resOutputsEvent, diagnosticEvent, policyEvent } = event;
  if (policyEvent !== undefined) return [{ policyEvent }];
  if (diagnosticEvent !== undefined) {
    return diagnosticEvent.message.trim() === "" ? [] : [{ diagnosticEvent }];
  }
  if (resourcePreEvent !== undefined) {
    return [{ resourcePreEvent: { metadata: step(resourcePreEvent.metadata, "inputs") } }];
  }
  const found = resOutputsEvent?.metadata;
  if (found === undefined || !(isStack(found) || found.op === "refresh" || !found.new)) return [];
  return [{ resOutputsEvent: { metadata: step(found, "outputs") } }];
}

const isStack = ({ type }: Step) => type === "pulumi:pulumi:Stack";

function step(metadata: Step, side: "inputs" | "outputs"): object {
  const { op, urn, type, keys, diffs, detailedDiff } = metadata;
  const paths = [...Object.keys(detailedDiff ?? {}), ...(diffs ?? [])];
  const wanted = new Set(paths.map((path) => path.split(/[.[]/)[0] ?? path));
  const state = (of: State | undefined) =>
    of && {
      custom: of.custom,
      parent: of.parent,
      protect: of.protect,
      [side]: Object.fromEntries(
        Object.entries(of[side] ?? {}).filter(
          ([key, value]) => isStack(metadata) || wanted.has(key) || leaks(value),
        ),
      ),
    };
  const [before, after] = [state(metadata.old), state(metadata.new)];
  return { op, urn, type, old: before, new: after, keys, diffs, detailedDiff };
}

const leaks = (value: unknown) => !isSecret(value) && JSON.stringify(value).includes(secretText);

void main(process.argv.slice(2));
