import { Queue } from "../../components/messaging/queue";
import { AlarmTopic } from "../../components/monitoring/alarm-topic";
import { monitoringRules } from "../../policy/monitoring";
import { later } from "../../policy/values";
import { policyOf } from "../support/policies";
import { changed, findings, resource, testRules, without } from "./support";

const topic = ["aws:sns/topic:Topic", "alarms"] as const;
const policy = ["aws:sns/topicPolicy:TopicPolicy", "alarms-policy"] as const;
const key = ["aws:kms/key:Key", "alarms-key"] as const;
const alarm = ["aws:cloudwatch/metricAlarm:MetricAlarm", "orders-dead-letters-alarm"] as const;

const open = { Effect: "Allow", Principal: "*", Action: ["sns:Subscribe", "sns:Publish"] };
const noTls =
  'sns-tls-only alarms: its policy does not deny publishing without TLS: deny "sns:Publish" to everybody where aws:SecureTransport is "false", as AlarmTopic does';

testRules(
  monitoringRules,
  () => new Queue("orders", { alarmActions: [new AlarmTopic("alarms").arn] }),
  [
    [
      "an alarm tells nobody",
      (all) => changed(all, alarm, "alarmActions", []),
      "alarm-actions orders-dead-letters-alarm: alarmActions is not set: give the ARN of a topic that somebody listens to",
    ],
    [
      "a topic is not encrypted",
      (all) => changed(all, topic, "kmsMasterKeyId", undefined),
      "sns-encryption alarms: it is not encrypted: give the ARN of a key in kmsMasterKeyId",
    ],
    [
      "a topic's policy lets everybody in",
      (all) => changed(all, policy, "policy", JSON.stringify(policyOf(open))),
      noTls,
      'sns-no-public-access alarms-policy: policy allows everybody ("*") sns:Subscribe, sns:Publish: name services, accounts or roles',
    ],
    ["a topic has no policy", (all) => without(all, policy[0]), noTls],
    [
      "a key is never rotated",
      (all) => changed(all, key, "enableKeyRotation", false),
      "kms-rotation alarms-key: enableKeyRotation is false: give true",
    ],
  ],
);

test("what is known only later is asked about again then", () => {
  const all = [
    resource(...topic, { kmsMasterKeyId: later, policy: later }),
    resource(...key, { enableKeyRotation: later }),
    resource(...alarm, { alarmActions: later }),
  ];
  expect(findings(monitoringRules, all)).toEqual([]);
});

test("a key for signing need not be rotated", () => {
  const signing = resource(...key, { customerMasterKeySpec: "ECC_NIST_P256" });
  expect(findings(monitoringRules, [signing])).toEqual([]);
});
