import * as pulumi from "@pulumi/pulumi";
import type { AsyncInvocation } from "../../../components/lambda/async-invocation";
import { LambdaFunction } from "../../../components/lambda/lambda-function";
import { Queue } from "../../../components/messaging/queue";
import { record } from "../../../components/testing";
import { makeFolder } from "../../support/folders";
import { parsed } from "../../support/inputs";
import { allowing } from "../../support/policies";
import { laterFailure, refusal, refusalOf, unusable } from "../../support/refusals";

const type = "groundwork:lambda:LambdaFunction";
const config = "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig";
const code = makeFolder({ "handler.py": "" });
const archive = (asyncInvocation: AsyncInvocation) =>
  new LambdaFunction("archive", { code, handler: "handler.handler", asyncInvocation });

const queueArn = "arn:aws:sqs:eu-central-1:123456789012:failed-1234567";
const aliasArn = "arn:aws:lambda:eu-central-1:123456789012:function:done-1234567:live";
const wanted = "a queue or a topic that is not FIFO, an event bus or a function";

const topicArn = "arn:aws:sns:eu-central-1:123456789012:failed";
const topic = {
  arn: topicArn,
  grantPublish: () => ({
    statements: [{ actions: ["sns:Publish"], resources: [topicArn] }],
    environment: { FAILED_TOPIC_ARN: topicArn },
  }),
};
const busArn = "arn:aws:events:eu-central-1:123456789012:event-bus/failed";
const bus = {
  arn: busArn,
  grantPut: () => ({
    statements: [{ actions: ["events:PutEvents"], resources: [busArn] }],
    environment: {},
  }),
};

describe("asyncInvocation", () => {
  test("default is what Lambda does by itself, said of the alias", async () => {
    const recording = await record(() => void archive({}));
    const { parent, inputs } = recording.one(config, "archive-async");
    expect(parent).toBe(`${type} archive`);
    expect(inputs).toEqual({
      functionName: "archive-1234567",
      qualifier: "live",
      maximumRetryAttempts: 2,
      maximumEventAgeInSeconds: 21_600,
    });
  });

  test("custom sends what was given up to a queue, and what went well to a function", async () => {
    const recording = await record(() => {
      const done = new LambdaFunction("done", { code, handler: "handler.handler" });
      archive({
        maximumRetryAttempts: 0,
        maximumEventAgeSeconds: 60,
        onFailure: new Queue("failed"),
        onSuccess: done,
      });
    });
    expect(recording.one(config, "archive-async").inputs).toEqual({
      functionName: "archive-1234567",
      qualifier: "live",
      maximumRetryAttempts: 0,
      maximumEventAgeInSeconds: 60,
      destinationConfig: {
        onFailure: { destination: queueArn },
        onSuccess: { destination: aliasArn },
      },
    });
    const { policy } = parsed(
      recording.one("aws:iam/rolePolicy:RolePolicy", "archive-policy"),
      "policy",
    );
    expect(policy.Statement.slice(1)).toEqual([
      allowing(["sqs:SendMessage"], queueArn),
      allowing(["lambda:InvokeFunction"], aliasArn),
    ]);
    // Lambda sends; the function's code need not know where to.
    const { inputs } = recording.one("aws:lambda/function:Function", "archive");
    expect(inputs["environment"]).toBeUndefined();
  });

  test("custom sends to a topic and to an event bus", async () => {
    const recording = await record(() => void archive({ onFailure: topic, onSuccess: bus }));
    expect(recording.one(config, "archive-async").inputs["destinationConfig"]).toEqual({
      onFailure: { destination: topicArn },
      onSuccess: { destination: busArn },
    });
    const { policy } = parsed(
      recording.one("aws:iam/rolePolicy:RolePolicy", "archive-policy"),
      "policy",
    );
    expect(policy.Statement.slice(1)).toEqual([
      allowing(["sns:Publish"], topicArn),
      allowing(["events:PutEvents"], busArn),
    ]);
  });

  test("fails when anything is outside what Lambda takes", async () => {
    const refused = await refusal(() =>
      archive({
        maximumRetryAttempts: 3,
        maximumEventAgeSeconds: 59,
        onFailure: { ...topic, arn: `${topicArn}.fifo` },
        onSuccess: queueArn as never,
        retries: 1,
      } as AsyncInvocation),
    );
    expect(refused).toEqual(
      refusalOf(
        type,
        "archive",
        'there is no argument "asyncInvocation.retries": give only maximumRetryAttempts, maximumEventAgeSeconds, onFailure, onSuccess',
        "asyncInvocation.maximumRetryAttempts is 3: give a whole number from 0 to 2",
        "asyncInvocation.maximumEventAgeSeconds is 59: give a whole number from 60 to 21600 seconds",
        `asyncInvocation.onFailure is "${topicArn}.fifo": give ${wanted}`,
        `asyncInvocation.onSuccess can't be sent to: give ${wanted}`,
      ),
    );
  });

  test("rejects later a destination that turns out to be FIFO", async () => {
    const message = await laterFailure(() =>
      archive({ onFailure: { ...topic, arn: pulumi.output(`${topicArn}.fifo`) } }),
    );
    expect(message).toBe(
      unusable(type, "archive", `asyncInvocation.onFailure is "${topicArn}.fifo": give ${wanted}`),
    );
  });
});
