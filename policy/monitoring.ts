import { attached } from "./attached";
import { openToAll, statements } from "./documents";
import type { Rule } from "./rule";
import { at, isOrMayBe, isThere, items, later, shown, texts } from "./values";

const topics = ["aws:sns/topic:Topic"];
const topicPolicy = "aws:sns/topicPolicy:TopicPolicy";
const topicPolicies = { types: [topicPolicy], property: "arn", keys: ["arn", "id"] };

/** Rules for alarms, and for the topics and keys on their way. */
export const monitoringRules: readonly Rule[] = [
  {
    name: "alarm-actions",
    description: "An alarm that tells nobody is found after the fact",
    url: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html",
    types: ["aws:cloudwatch/metricAlarm:MetricAlarm"],
    check: ({ props }) => {
      const given = at(props, "alarmActions");
      if (given === later || items(given).length > 0) return [];
      return ["alarmActions is not set: give the ARN of a topic that somebody listens to"];
    },
  },
  {
    name: "sns-encryption",
    description: "Messages lie on disk until every subscriber has taken them",
    url: "https://docs.aws.amazon.com/sns/latest/dg/sns-server-side-encryption.html",
    types: topics,
    check: ({ props }) =>
      isThere(at(props, "kmsMasterKeyId"))
        ? []
        : ["it is not encrypted: give the ARN of a key in kmsMasterKeyId"],
  },
  {
    name: "sns-no-public-access",
    description: "A policy that allows everybody lets any AWS account publish or subscribe",
    url: "https://docs.aws.amazon.com/sns/latest/dg/sns-security-best-practices.html",
    types: topics.concat(topicPolicy),
    check: ({ props }) => openToAll(at(props, "policy")),
  },
  {
    name: "sns-tls-only",
    description: "Without TLS anybody on the way reads the messages",
    url: "https://docs.aws.amazon.com/sns/latest/dg/sns-security-best-practices.html",
    types: topics,
    checkAmong: (topic, all) => {
      const beside = attached(topic, topicPolicies, all).map(({ props }) => at(props, "policy"));
      if ([at(topic.props, "policy"), ...beside].some(refusesPlainPublish)) return [];
      return [
        'its policy does not deny publishing without TLS: deny "sns:Publish" to everybody where ' +
          'aws:SecureTransport is "false", as AlarmTopic does',
      ];
    },
  },
  {
    name: "kms-rotation",
    description: "A key that is never rotated encrypts ever more, and all of it is lost with it",
    url: "https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html",
    types: ["aws:kms/key:Key"],
    check: ({ props }) => {
      const given = at(props, "enableKeyRotation");
      const spec = at(props, "customerMasterKeySpec") ?? "SYMMETRIC_DEFAULT";
      // AWS rotates symmetric keys alone.
      if (isOrMayBe(given, true) || !isOrMayBe(spec, "SYMMETRIC_DEFAULT")) return [];
      return [`enableKeyRotation is ${shown(given)}: give true`];
    },
  },
];

function refusesPlainPublish(document: unknown): boolean {
  if (document === later) return true;
  return statements(document).some(
    ({ effect, actions, principals, condition }) =>
      effect === "Deny" &&
      principals.includes("*") &&
      actions.includes("sns:Publish") &&
      texts(at(condition, "Bool", "aws:SecureTransport")).includes("false"),
  );
}
