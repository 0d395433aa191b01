import * as pulumi from "@pulumi/pulumi";
import { LambdaFunction } from "../../../components/lambda/lambda-function";
import {
  QueueSubscription,
  type QueueSubscriptionArgs,
} from "../../../components/lambda/queue-subscription";
import { Queue } from "../../../components/messaging/queue";
import type { QueueArgs } from "../../../components/messaging/queue-args";
import { record } from "../../../components/testing";
import { makeFolder } from "../../support/folders";
import { parsed } from "../../support/inputs";
import { allowing, policyOf } from "../../support/policies";
import { laterFailure, unusable } from "../../support/refusals";

const type = "groundwork:lambda:QueueSubscription";
const mapping = "aws:lambda/eventSourceMapping:EventSourceMapping";
const rolePolicy = "aws:iam/rolePolicy:RolePolicy";

const queueArn = "arn:aws:sqs:eu-central-1:123456789012:orders-1234567";
const key = "arn:aws:kms:eu-central-1:123456789012:key/1";
const code = makeFolder({ "handler.py": "" });

/** Subscribes a function to a queue. */
function subscribe(
  args: Partial<QueueSubscriptionArgs> = {},
  queue: QueueArgs = {},
  timeoutSeconds?: pulumi.Input<number>,
): QueueSubscription {
  return new QueueSubscription("orders-to-archive", {
    queue: new Queue("orders", queue),
    function: new LambdaFunction("archive", {
      code,
      handler: "handler.handler",
      runtime: "python3.13",
      ...(timeoutSeconds !== undefined && { timeoutSeconds }),
    }),
    ...args,
  });
}

const recordSubscription = (...given: Parameters<typeof subscribe>) =>
  record(() => ({ id: subscribe(...given).eventSourceMapping.id }));

describe("QueueSubscription", () => {
  test("default takes ten messages at once, and may receive from the one queue", async () => {
    const recording = await recordSubscription();

    expect(recording.one(type, "orders-to-archive").inputs).toEqual({});
    expect(recording.childrenOf(type, "orders-to-archive")).toEqual([
      `${rolePolicy} orders-to-archive-consume`,
      `${mapping} orders-to-archive`,
    ]);
    expect(parsed(recording.one(rolePolicy, "orders-to-archive-consume"), "policy")).toEqual({
      role: "archive-role-1234567",
      policy: policyOf(
        allowing(
          [
            "sqs:ChangeMessageVisibility",
            "sqs:DeleteMessage",
            "sqs:GetQueueAttributes",
            "sqs:ReceiveMessage",
          ],
          queueArn,
        ),
      ),
    });
    expect(recording.one(mapping, "orders-to-archive").inputs).toEqual({
      eventSourceArn: queueArn,
      functionName: "arn:aws:lambda:eu-central-1:123456789012:function:archive-1234567:live",
      batchSize: 10,
      maximumBatchingWindowInSeconds: 0,
      functionResponseTypes: ["ReportBatchItemFailures"],
    });
    expect(recording.outputs).toEqual({ id: "orders-to-archive-1234567-id" });
  });

  test("begins once the function may receive", async () => {
    const recording = await recordSubscription();
    expect(recording.one(mapping, "orders-to-archive").dependencies).toEqual([
      "aws:iam/rolePolicy:RolePolicy orders-to-archive-consume",
      "aws:lambda/alias:Alias archive-live",
      "aws:sqs/queue:Queue orders",
    ]);
  });

  test("custom takes more at once, waits for them, and has a limit", async () => {
    const recording = await recordSubscription(
      { batchSize: 10_000, maximumBatchingWindowSeconds: 300, maximumConcurrency: 2 },
      { kmsKeyArn: key },
    );
    expect(recording.childrenOf(type, "orders-to-archive")).toHaveLength(2);
    expect(recording.one(mapping, "orders-to-archive").inputs).toEqual({
      eventSourceArn: queueArn,
      functionName: "arn:aws:lambda:eu-central-1:123456789012:function:archive-1234567:live",
      batchSize: 10_000,
      maximumBatchingWindowInSeconds: 300,
      functionResponseTypes: ["ReportBatchItemFailures"],
      scalingConfig: { maximumConcurrency: 2 },
    });
    expect(
      parsed(recording.one(rolePolicy, "orders-to-archive-consume"), "policy").policy.Statement[1],
    ).toEqual(allowing(["kms:Decrypt"], key));
  });

  test("custom is called for some messages, and has pollers of its own", async () => {
    const recording = await recordSubscription({
      provisionedPollers: { minimum: 2, maximum: 20 },
      filters: [{ body: { type: ["order"] } }, { body: { total: [{ numeric: [">", 100] }] } }],
    });
    expect(recording.one(mapping, "orders-to-archive").inputs).toMatchObject({
      filterCriteria: {
        filters: [
          { pattern: '{"body":{"type":["order"]}}' },
          { pattern: '{"body":{"total":[{"numeric":[">",100]}]}}' },
        ],
      },
      provisionedPollerConfig: { minimumPollers: 2, maximumPollers: 20 },
    });
  });

  test("takes ten messages of a FIFO queue", async () => {
    const recording = await recordSubscription({ batchSize: 10 }, { fifo: true });
    expect(recording.one(mapping, "orders-to-archive").inputs).toMatchObject({
      eventSourceArn: `${queueArn}.fifo`,
      batchSize: 10,
      maximumBatchingWindowInSeconds: 0,
    });
  });

  test("fails when a FIFO queue is to give larger batches, and to wait for them", async () => {
    const failure = recordSubscription(
      { batchSize: 11, maximumBatchingWindowSeconds: 1 },
      { fifo: true },
    );
    await expect(failure).rejects.toThrow(
      new Error(
        unusable(
          type,
          "orders-to-archive",
          "batchSize is 11: a FIFO queue gives 10 messages at the most",
          "maximumBatchingWindowSeconds is 1: leave it out, a FIFO queue has none",
        ),
      ),
    );
  });

  test.each<[Partial<QueueSubscriptionArgs>, ...string[]]>([
    [
      { filters: Array.from({ length: 6 }, () => ({ body: ["a"] })) },
      "filters has 6 patterns: Lambda takes 5 at the most; one of them can list several values",
    ],
    [
      { filters: [{ body: "a" } as never] },
      'filters[0].body is "a": give a list of what it may be',
    ],
    [
      { provisionedPollers: { minimum: 1, maximum: 2_001 } },
      "provisionedPollers.minimum is 1: give a whole number from 2 to 200 pollers",
      "provisionedPollers.maximum is 2001: give a whole number from 2 to 2000 pollers",
    ],
    [
      { provisionedPollers: { minimum: 3, maximum: 2 } },
      "provisionedPollers has a minimum of 3 above its maximum of 2",
    ],
    [
      { provisionedPollers: { minimum: 2, maximum: 2 }, maximumConcurrency: 2 },
      "maximumConcurrency and provisionedPollers exclude each other: give one of them",
    ],
  ])("fails when it is given %j", async (args, ...problems) => {
    await expect(recordSubscription(args)).rejects.toThrow(
      new Error(unusable(type, "orders-to-archive", ...problems)),
    );
  });

  test("takes a queue that hides messages for just six times the function's timeout", async () => {
    const recording = await recordSubscription({}, { visibilityTimeoutSeconds: 60 }, 10);
    expect(recording.one(mapping, "orders-to-archive").inputs["eventSourceArn"]).toBe(queueArn);
  });

  test("fails when numbers are outside what Lambda takes, with all of it and before it makes anything", async () => {
    const messages: string[] = [];
    const recording = await record(() => {
      try {
        subscribe({
          batchSize: 10_001,
          maximumBatchingWindowSeconds: 301,
          maximumConcurrency: 1,
        });
      } catch (error) {
        messages.push((error as Error).message);
      }
    });
    expect(messages).toEqual([
      unusable(
        type,
        "orders-to-archive",
        "batchSize is 10001: give a whole number from 1 to 10000 messages",
        "maximumBatchingWindowSeconds is 301: give a whole number from 0 to 300 seconds",
        "maximumConcurrency is 1: give a whole number from 2 to 1000 calls",
      ),
    ]);
    expect(recording.ofType(type)).toEqual([]);
    expect(recording.ofType(mapping)).toEqual([]);
    expect(recording.ofType(rolePolicy).map(({ name }) => name)).toEqual(["archive-policy"]);
  });

  test.each([undefined, 0])(
    "fails when more than ten messages are to be waited for %p seconds",
    async (maximumBatchingWindowSeconds) => {
      const failure = recordSubscription({
        batchSize: 11,
        ...(maximumBatchingWindowSeconds !== undefined && { maximumBatchingWindowSeconds }),
      });
      await expect(failure).rejects.toThrow(
        new Error(
          unusable(
            type,
            "orders-to-archive",
            "batchSize is 11: more than 10 messages need maximumBatchingWindowSeconds of at least 1",
          ),
        ),
      );
    },
  );

  test.each<[string, QueueArgs, pulumi.Input<number> | undefined, string]>([
    [
      "plain values",
      { visibilityTimeoutSeconds: 179 },
      undefined,
      "the queue's visibilityTimeoutSeconds is 179: give at least 180, six times the function's timeoutSeconds of 30",
    ],
    [
      "Outputs",
      { visibilityTimeoutSeconds: pulumi.output(59) },
      pulumi.output(10),
      "the queue's visibilityTimeoutSeconds is 59: give at least 60, six times the function's timeoutSeconds of 10",
    ],
  ])(
    "rejects later a queue that hides messages for too short: %s",
    async (_, queue, timeout, problem) => {
      expect(await laterFailure(() => subscribe({}, queue, timeout))).toBe(
        unusable(type, "orders-to-archive", problem),
      );
    },
  );
});
