import * as pulumi from "@pulumi/pulumi";
import { EventBus, type EventBusArgs } from "../../../components/messaging/event-bus";
import { record } from "../../../components/testing";
import { parsed } from "../../support/inputs";
import { policyOf } from "../../support/policies";
import { laterFailure, refusal, refusalOf, unusable } from "../../support/refusals";

const type = "groundwork:messaging:EventBus";
const eventBus = "aws:cloudwatch/eventBus:EventBus";
const archive = "aws:cloudwatch/eventArchive:EventArchive";
const busPolicy = "aws:cloudwatch/eventBusPolicy:EventBusPolicy";

const arn = "arn:aws:events:eu-central-1:123456789012:event-bus/shop-1234567";
const key = "arn:aws:kms:eu-central-1:123456789012:key/1";

describe("EventBus", () => {
  test("default is a bus without a policy, to which the account alone puts events", async () => {
    const recording = await record(() => {
      const { busName, arn, archive } = new EventBus("shop");
      return { busName, arn, archive };
    });
    expect(recording.resources).toHaveLength(2);
    expect(recording.one(type, "shop").outputs).toEqual({ busName: "shop-1234567", arn });
    expect(recording.childrenOf(type, "shop")).toEqual([`${eventBus} shop`]);
    expect(recording.one(eventBus, "shop").inputs).toEqual({});
    expect(recording.outputs).toEqual({ busName: "shop-1234567", arn });
  });

  test("custom has a key of one's own, keeps events, and takes those of another account", async () => {
    const recording = await record(() => {
      const bus = new EventBus("shop", {
        kmsKeyArn: pulumi.output(key),
        archiveRetentionDays: pulumi.output(30),
        putPrincipals: [pulumi.output("arn:aws:iam::210987654321:root")],
      });
      return { archive: bus.archive?.arn };
    });
    expect(recording.resources).toHaveLength(4);
    expect(recording.childrenOf(type, "shop")).toEqual([
      `${archive} shop-archive`,
      `${eventBus} shop`,
      `${busPolicy} shop-policy`,
    ]);
    expect(recording.one(eventBus, "shop").inputs).toEqual({ kmsKeyIdentifier: key });
    expect(recording.one(archive, "shop-archive").inputs).toEqual({
      eventSourceArn: arn,
      retentionDays: 30,
      kmsKeyIdentifier: key,
    });
    expect(parsed(recording.one(busPolicy, "shop-policy"), "policy")).toEqual({
      eventBusName: "shop-1234567",
      policy: policyOf({
        Sid: "OthersPut",
        Effect: "Allow",
        Principal: { AWS: ["arn:aws:iam::210987654321:root"] },
        Action: "events:PutEvents",
        Resource: arn,
      }),
    });
    expect(recording.outputs).toEqual({
      archive: "arn:aws:events:eu-central-1:123456789012:archive/shop-archive-1234567",
    });
  });

  test("grants putting events and nothing else, also with a key of its own", async () => {
    const { outputs } = await record(() => new EventBus("shop", { kmsKeyArn: key }).grantPut());
    expect(outputs).toEqual({
      statements: [{ actions: ["events:PutEvents"], resources: [arn] }],
      environment: { SHOP_EVENT_BUS: "shop-1234567" },
    });
  });

  test("fails when anything is outside what EventBridge takes, with all of it and before anything is made", async () => {
    const refused = await refusal(
      () =>
        new EventBus("shop", {
          kmsKeyArn: "alias/shop",
          archiveRetentionDays: 0,
          putPrincipals: ["210987654321"],
        }),
    );
    expect(refused).toEqual(
      refusalOf(
        type,
        "shop",
        'kmsKeyArn is "alias/shop": give the ARN of a resource of kms, like arn:aws:kms:...',
        "archiveRetentionDays is 0: give a whole number from 1 to 36500 days",
        'putPrincipals[0] is "210987654321": give the ARN of a resource of iam, like arn:aws:iam:...',
      ),
    );
  });

  test.each<[EventBusArgs, string]>([
    [
      { archiveRetentionDays: pulumi.output(1.5) },
      "archiveRetentionDays is 1.5: give a whole number from 1 to 36500 days",
    ],
    [
      { putPrincipals: [pulumi.output("*")] },
      'putPrincipals[0] is "*": give the ARN of a resource of iam, like arn:aws:iam:...',
    ],
  ])("rejects later what turns out not to fit: %#", async (args, problem) => {
    expect(await laterFailure(() => new EventBus("shop", args))).toBe(
      unusable(type, "shop", problem),
    );
  });
});
