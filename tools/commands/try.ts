import { AwsSide } from "../order/aws";
import { isOrder, newOrder, type Sent } from "../order/order";
import { type Parts, partsOf } from "../order/parts";
import { post, type Way, wayToService } from "../order/service";
import { type RecordedStack, recordedStack, useCredentials } from "../recorded";
import { exportStack } from "../stack";
import { Failure } from "../support/failure";
import { pause } from "../support/interruption";
import { target } from "../support/target";
import type { Command } from "./command";

/** `make try`: sends an order through the sample system, and shows where it is and when. */
export const tryOrder: Command = async ({ here, stack: name }) => {
  const stack = recordedStack(here, name);
  const state = (await exportStack(stack)) ?? {};
  const parts = partsOf(state, name);
  useCredentials(stack);
  const aws = await AwsSide.of(parts);
  const simulated = stack.platform?.cluster === "simulated";
  const way = simulated ? undefined : await wayToService(stack, state, parts);
  try {
    await follow(stack, parts, aws, way);
  } finally {
    way?.close();
  }
};

/** Sends the order, and waits for it at each station. */
async function follow(stack: RecordedStack, parts: Parts, aws: AwsSide, way: Way | undefined) {
  const sent = newOrder();
  const { order } = sent;
  const station = (name: string, text: string) => {
    const seconds = ((Date.now() - sent.began.getTime()) / 1000).toFixed(2);
    console.log(`  ${name.padEnd(9)} ${seconds.padStart(6)} s  ${text}`);
  };
  console.log(`Order ${order.id}: ${order.quantity} ${order.item}`);
  let messageId: string | undefined;
  if (way === undefined) {
    console.log("  service      left out: the cluster is simulated, its pods don't run");
    messageId = await queued(stack, aws, sent);
    station("queue", `took it as message ${messageId}`);
  } else {
    const problem = await post(way.url, sent);
    if (problem !== undefined) throw notTaken(stack, parts, way, problem);
    station("service", `took it, ${way.about}`);
    station("queue", "took it: the service answers no sooner");
  }
  const archived = await awaitFunction(stack, parts, aws, sent, messageId);
  if (archived.said) station("function", "archived it");
  else station("function", "archived it, and its log does not say so");
  station("bucket", `has it: ${archived.key}`);
  const text = (await aws.object(archived.key)) ?? "";
  if (!isOrder(text, order)) {
    throw new Failure("The object in the bucket is not the order that was sent.", [
      `sent:     ${JSON.stringify(order)}`,
      `archived: ${text.slice(0, 300)}`,
    ]);
  }
  console.log(`The order went through: the object in ${parts.bucket} is what was sent.`);
}

async function queued(stack: RecordedStack, aws: AwsSide, sent: Sent): Promise<string> {
  try {
    return await aws.send(sent);
  } catch (error) {
    throw new Failure(`The order did not reach the queue: ${(error as Error).message}`, [
      stack.platform === undefined
        ? "Are the credentials those of the stack's account?"
        : "`make status` shows what runs, `make logs SERVICE=moto` the emulator's log.",
    ]);
  }
}

/** Waits until the object is there. */
async function awaitFunction(
  stack: RecordedStack,
  parts: Parts,
  aws: AwsSide,
  sent: Sent,
  messageId: string | undefined,
): Promise<{ readonly key: string; readonly said: boolean }> {
  const { began, requestId } = sent;
  const archived = () => aws.archived(messageId ?? requestId, began);
  const patience = stack.platform === undefined ? 90_000 : 30_000;
  let problem: string | undefined;
  for (let looks = 1; Date.now() - began.getTime() < patience; looks++) {
    const said = await archived();
    problem = said?.problem ?? problem;
    const keys = said?.key === undefined ? keysOf(messageId, began) : [said.key];
    for (const key of keys) {
      if ((await aws.object(key)) === undefined) continue;
      // The log may come a moment after the object.
      const late = said?.key ?? (await pause(500).then(archived))?.key;
      return { key, said: late !== undefined };
    }
    // Every few seconds, because it asks for a whole day's objects.
    const found = messageId === undefined && looks % 25 === 0 ? await aws.find(sent) : undefined;
    if (found !== undefined) return { key: found, said: false };
    await pause(200);
  }
  throw notArchived(stack, parts, problem ?? (await aws.lastLogLines(began)).join("\n  "));
}

/** The keys that an object of a message may have: its day is the one on which it was sent. */
function keysOf(messageId: string | undefined, began: Date): readonly string[] {
  if (messageId === undefined) return [];
  const days = new Set([began, new Date()].map((date) => date.toISOString().slice(0, 10)));
  return [...days].map((day) => `orders/${day.replaceAll("-", "/")}/${messageId}.json`);
}

function notTaken({ name }: RecordedStack, parts: Parts, way: Way, problem: string): Failure {
  return new Failure(`The order did not get through the service (${way.about}): ${problem}`, [
    "Its log:",
    `  eval "$(${target("-s env", name)})"`,
    `  kubectl logs --namespace ${parts.namespace} deployment/web --all-pods --tail 20`,
  ]);
}

function notArchived(stack: RecordedStack, parts: Parts, said: string): Failure {
  return new Failure("The order is in the queue, and the function has not archived it.", [
    said === "" ? "Its log says nothing." : `Its log says:\n  ${said}`,
    stack.platform === undefined
      ? `More: aws logs tail ${parts.logGroup} --since 10m --region ${parts.region}`
      : `More: \`${target("logs FUNCTION=archive", stack.name)}\`, \`make logs SERVICE=moto\``,
  ]);
}
