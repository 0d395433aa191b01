import * as pulumi from "@pulumi/pulumi";
import { LambdaFunction } from "../../../components/lambda/lambda-function";
import { record } from "../../../components/testing";
import { makeFolder } from "../../support/folders";

const type = "groundwork:lambda:LambdaFunction";
const metricAlarm = "aws:cloudwatch/metricAlarm:MetricAlarm";
const topic = "arn:aws:sns:eu-central-1:123456789012:alarms";
const functionName = "archive-1234567";
const code = makeFolder({ "handler.py": "def handler(event, context): ...\n" });

const recordAlarms = async (args: object) => {
  const recording = await record(() => {
    new LambdaFunction("archive", {
      code,
      handler: "handler.handler",
      runtime: "python3.13",
      ...args,
    });
  });
  return recording.ofType(metricAlarm);
};

describe("the alarms of a LambdaFunction", () => {
  test("default are none: there is nobody to tell", async () => {
    expect(await recordAlarms({})).toEqual([]);
  });

  test("custom tell of calls that are lost, and of those that soon will be", async () => {
    const alarms = await recordAlarms({
      alarmActions: [topic],
      timeoutSeconds: pulumi.output(20),
    });
    const alarm = (name: string, metricName: string, description: string, more = {}) => ({
      name,
      parent: `${type} archive`,
      inputs: {
        alarmDescription: `Calls of ${functionName} ${description}`,
        namespace: "AWS/Lambda",
        metricName,
        dimensions: { FunctionName: functionName },
        statistic: "Sum",
        period: 60,
        evaluationPeriods: 1,
        comparisonOperator: "GreaterThanThreshold",
        threshold: 0,
        treatMissingData: "notBreaching",
        alarmActions: [topic],
        okActions: [topic],
        ...more,
      },
    });
    expect(alarms.map(({ name, parent, inputs }) => ({ name, parent, inputs }))).toEqual([
      alarm("archive-errors-alarm", "Errors", "fail: its log says why"),
      alarm("archive-throttles-alarm", "Throttles", "are refused: raise its concurrency"),
      alarm(
        "archive-dropped-events-alarm",
        "AsyncEventsDropped",
        "that nobody waits for were given up: its log says why",
      ),
      alarm(
        "archive-duration-alarm",
        "Duration",
        "take nearly the 20 seconds after which they are ended: make it faster, or give it more time",
        { statistic: "Maximum", threshold: 18_000 },
      ),
    ]);
  });
});
