import { ask, type Request } from "./platform";

/** Where events can be put. */
export interface Places {
  readonly queueUrl: string;
  readonly topicArn: string;
  readonly bucketName: string;
  readonly tableName: string;
  readonly streamName: string;
}

/** How an event with a text in it is put into each of the sources. */
export const putInto: Readonly<Record<string, (text: string, to: Places) => Promise<string>>> = {
  queue: (MessageBody, { queueUrl: QueueUrl }) =>
    json("sqs", "AmazonSQS.SendMessage", { QueueUrl, MessageBody }),
  topic: (text, { topicArn }) =>
    ask({
      service: "sns",
      body: `Action=Publish&Version=2010-03-31&TopicArn=${topicArn}&Message=${text}`,
    }),
  bucket: (text, { bucketName }) =>
    ask({ service: "s3", path: `/${bucketName}/${text}`, body: text }),
  bus: (text) =>
    json("events", "AWSEvents.PutEvents", {
      Entries: [{ Source: "shop", DetailType: "OrderPaid", Detail: JSON.stringify({ text }) }],
    }),
  table: (text, { tableName: TableName }) =>
    json("dynamodb", "DynamoDB_20120810.PutItem", { TableName, Item: { id: { S: text } } }),
};

function json(service: string, target: string, body: object): Promise<string> {
  const request: Request = { service, target, body: JSON.stringify(body) };
  return ask(request);
}

/** Sets off an alarm of CloudWatch, or ends it. */
export async function setAlarm(name: string, state: "ALARM" | "OK"): Promise<void> {
  const alarm = new URLSearchParams({
    Action: "PutMetricAlarm",
    Version: "2010-08-01",
    AlarmName: name,
    ComparisonOperator: "GreaterThanThreshold",
    EvaluationPeriods: "1",
    Namespace: "Shop",
    MetricName: "Latency",
    Period: "60",
    Statistic: "Maximum",
    Threshold: "1",
    // Its metric has no values: the state that is set by hand stays.
    TreatMissingData: "ignore",
  });
  await ask({ service: "monitoring", body: String(alarm) });
  const change = new URLSearchParams({
    Action: "SetAlarmState",
    Version: "2010-08-01",
    AlarmName: name,
    StateValue: state,
    StateReason: "a test",
  });
  await ask({ service: "monitoring", body: String(change) });
}

/** The names of the alarms that have gone off, without what Pulumi appends to them. */
export async function ringing(): Promise<readonly string[]> {
  const answer = await ask({
    service: "monitoring",
    body: "Action=DescribeAlarms&Version=2010-08-01&StateValue=ALARM",
  });
  const names = answer.match(/(?<=<AlarmName>)[^<]+/g) ?? [];
  return names.map((name) => name.replace(/-[0-9a-f]{7}$/, "")).sort();
}

/** Forgets an alarm. */
export async function removeAlarm(name: string): Promise<void> {
  const body = `Action=DeleteAlarms&Version=2010-08-01&AlarmNames.member.1=${name}`;
  await ask({ service: "monitoring", body });
}

/** The version that an alias of a function leads to. */
export async function liveVersion(aliasArn: string): Promise<string> {
  const [functionName, alias] = aliasArn.split(":").slice(6);
  const path = `/2015-03-31/functions/${functionName}/aliases/${alias}`;
  const { FunctionVersion } = JSON.parse(await ask({ service: "lambda", path }));
  return FunctionVersion;
}
