import {
  allowSources,
  checkSources,
  type ServiceSource,
} from "../../../components/iam/service-source";
import { problemsOf } from "../../support/refusals";

test("lets each service send on behalf of one resource, and of no other", () => {
  const rule = "arn:aws:events:eu-central-1:123456789012:rule/shop/placed";
  const topic = "arn:aws:sns:eu-central-1:123456789012:placed";
  const sources = [
    { service: "events.amazonaws.com", arn: rule },
    { service: "sns.amazonaws.com", arn: topic },
  ];
  expect(allowSources("sqs:SendMessage", "*", sources)).toEqual([
    {
      Effect: "Allow",
      Principal: { Service: "events.amazonaws.com" },
      Action: "sqs:SendMessage",
      Resource: "*",
      Condition: { ArnEquals: { "aws:SourceArn": rule } },
    },
    {
      Effect: "Allow",
      Principal: { Service: "sns.amazonaws.com" },
      Action: "sqs:SendMessage",
      Resource: "*",
      Condition: { ArnEquals: { "aws:SourceArn": topic } },
    },
  ]);
});

test("lets nothing send where nothing is given", () => {
  expect(allowSources("sqs:SendMessage", "*", [])).toEqual([]);
});

test("checkSources fails for what does not send", () => {
  const given = ["topic", null, { arn: "a" }, { service: "sns.amazonaws.com", arn: "a" }];
  const sources = given as unknown as ServiceSource[];
  expect(problemsOf((check) => checkSources(check, "senders", sources))).toEqual(
    ["text", "null", "an object"].map(
      (kind, i) =>
        `senders[${i}] is ${kind}: give what sends, like topic.source, or { service, arn }`,
    ),
  );
});
