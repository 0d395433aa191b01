import { Stream, type StreamArgs } from "../../../components/messaging/stream";
import { record } from "../../../components/testing";
import { refusal, refusalOf } from "../../support/refusals";

const type = "groundwork:messaging:Stream";
const kinesisStream = "aws:kinesis/stream:Stream";

const arn = "arn:aws:kinesis:eu-central-1:123456789012:stream/page-clicks-1234567";
const key = "arn:aws:kms:eu-central-1:123456789012:key/1";

const recordStream = (args?: StreamArgs) =>
  record(() => {
    const stream = new Stream("page-clicks", args);
    return {
      arn: stream.arn,
      streamName: stream.streamName,
      id: stream.stream.id,
      put: stream.grantPut(),
      read: stream.grantStream(),
    };
  });

const putting = ["kinesis:PutRecord", "kinesis:PutRecords"];
const reading = [
  "kinesis:DescribeStream",
  "kinesis:DescribeStreamSummary",
  "kinesis:GetRecords",
  "kinesis:GetShardIterator",
  "kinesis:ListShards",
];
const environment = { PAGE_CLICKS_STREAM: "page-clicks-1234567" };

describe("Stream", () => {
  test("default is encrypted, grows by itself, and keeps records for a day", async () => {
    const recording = await recordStream();
    expect(recording.childrenOf(type, "page-clicks")).toEqual([`${kinesisStream} page-clicks`]);
    expect(recording.one(kinesisStream, "page-clicks").inputs).toEqual({
      streamModeDetails: { streamMode: "ON_DEMAND" },
      retentionPeriod: 24,
      encryptionType: "KMS",
      kmsKeyId: "alias/aws/kinesis",
    });
    expect(recording.outputs).toEqual({
      arn,
      streamName: "page-clicks-1234567",
      id: arn,
      put: { statements: [{ actions: putting, resources: [arn] }], environment },
      read: { statements: [{ actions: reading, resources: [arn] }], environment },
    });
  });

  test("custom has a key of its own, which its grants let use", async () => {
    const recording = await recordStream({ retentionHours: 8_760, kmsKeyArn: key });
    expect(recording.one(kinesisStream, "page-clicks").inputs).toMatchObject({
      retentionPeriod: 8_760,
      kmsKeyId: key,
    });
    expect(recording.outputs).toMatchObject({
      put: {
        statements: [
          { actions: putting, resources: [arn] },
          { actions: ["kms:GenerateDataKey"], resources: [key] },
        ],
      },
      read: {
        statements: [
          { actions: reading, resources: [arn] },
          { actions: ["kms:Decrypt"], resources: [key] },
        ],
      },
    });
  });

  test("fails when Kinesis would refuse it, with all of it", async () => {
    expect(
      await refusal(() => new Stream("clicks", { retentionHours: 23, kmsKeyArn: "mine" })),
    ).toEqual(
      refusalOf(
        type,
        "clicks",
        "retentionHours is 23: give a whole number from 24 to 8760 hours",
        'kmsKeyArn is "mine": give the ARN of a resource of kms, like arn:aws:kms:...',
      ),
    );
  });
});
