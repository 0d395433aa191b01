import * as pulumi from "@pulumi/pulumi";
import { AlarmTopic } from "../../../components/monitoring/alarm-topic";
import { record } from "../../../components/testing";
import { parsed } from "../../support/inputs";
import { policyOf } from "../../support/policies";
import { laterFailure, refusal, refusalOf, unusable } from "../../support/refusals";

const type = "groundwork:monitoring:AlarmTopic";
const topic = "aws:sns/topic:Topic";
const key = "aws:kms/key:Key";
const topicPolicy = "aws:sns/topicPolicy:TopicPolicy";
const subscription = "aws:sns/topicSubscription:TopicSubscription";

const topicArn = "arn:aws:sns:eu-central-1:123456789012:alarms-1234567";
const cloudWatch = { Service: "cloudwatch.amazonaws.com" };
const ownAlarms = { StringEquals: { "aws:SourceAccount": "123456789012" } };

describe("AlarmTopic", () => {
  test("default is encrypted with its own key, and only the account's alarms publish to it", async () => {
    const recording = await record(() => ({ arn: new AlarmTopic("alarms").arn }));

    expect(recording.resources).toHaveLength(4);
    expect(recording.childrenOf(type, "alarms")).toEqual([
      `${key} alarms-key`,
      `${topic} alarms`,
      `${topicPolicy} alarms-policy`,
    ]);
    expect(recording.one(topic, "alarms").inputs).toEqual({
      kmsMasterKeyId:
        "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    });
    expect(parsed(recording.one(key, "alarms-key"), "policy")).toEqual({
      description: "Encrypts alarms on their way",
      enableKeyRotation: true,
      policy: policyOf(
        {
          Sid: "AccountDecides",
          Effect: "Allow",
          Principal: { AWS: "arn:aws:iam::123456789012:root" },
          Action: "kms:*",
          Resource: "*",
        },
        {
          Sid: "AlarmsEncrypt",
          Effect: "Allow",
          Principal: cloudWatch,
          Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
          Resource: "*",
          Condition: ownAlarms,
        },
      ),
    });
    expect(parsed(recording.one(topicPolicy, "alarms-policy"), "policy")).toEqual({
      arn: topicArn,
      policy: policyOf(
        {
          Sid: "DenyInsecureTransport",
          Effect: "Deny",
          Principal: "*",
          Action: "sns:Publish",
          Resource: [topicArn],
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
        {
          Sid: "AlarmsPublish",
          Effect: "Allow",
          Principal: cloudWatch,
          Action: "sns:Publish",
          Resource: topicArn,
          Condition: ownAlarms,
        },
      ),
    });
    expect(recording.outputs).toEqual({ arn: topicArn });
  });

  test("custom tells somebody by e-mail", async () => {
    const recording = await record(() => {
      new AlarmTopic("alarms", { email: pulumi.output("on-call@example.com") });
    });
    expect(recording.resources).toHaveLength(5);
    expect(recording.one(subscription, "alarms-email")).toMatchObject({
      parent: `${type} alarms`,
      inputs: { topic: topicArn, protocol: "email", endpoint: "on-call@example.com" },
    });
  });

  const problem = 'email is "on-call": give an e-mail address, like on-call@example.com';

  test("fails when the address is none, before anything is made", async () => {
    const refused = await refusal(() => new AlarmTopic("alarms", { email: "on-call" }));
    expect(refused).toEqual(refusalOf(type, "alarms", problem));
  });

  test("rejects later what turns out to be no address", async () => {
    const failure = laterFailure(
      () => new AlarmTopic("alarms", { email: pulumi.output("on-call") }),
    );
    expect(await failure).toBe(unusable(type, "alarms", problem));
  });
});
