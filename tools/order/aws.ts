import type { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import type { S3Client } from "@aws-sdk/client-s3";
import type { SQSClient } from "@aws-sdk/client-sqs";
import { archivedLine, isOrder, type Sent } from "./order";
import type { Parts } from "./parts";

// Each of these takes a third of a second to load: only what needs them imports them.
const sqs = () => import("@aws-sdk/client-sqs");
const s3 = () => import("@aws-sdk/client-s3");
const logs = () => import("@aws-sdk/client-cloudwatch-logs");

/** The AWS side of the system. */
export class AwsSide {
  private constructor(
    private readonly parts: Parts,
    private readonly queue: SQSClient,
    private readonly bucket: S3Client,
    private readonly log: CloudWatchLogsClient,
  ) {}

  /** Made before an order is sent, so that loading the clients is not counted to its time. */
  static async of(parts: Parts): Promise<AwsSide> {
    const [{ SQSClient }, { S3Client }, { CloudWatchLogsClient }] = await Promise.all([
      sqs(),
      s3(),
      logs(),
    ]);
    const { region } = parts;
    return new AwsSide(
      parts,
      // A queue's URL may be one that only pods can reach.
      new SQSClient({ region, useQueueUrlAsEndpoint: false }),
      new S3Client({ region, forcePathStyle: process.env["AWS_ENDPOINT_URL"] !== undefined }),
      new CloudWatchLogsClient({ region }),
    );
  }

  /** Puts an order into the queue as the service does, and gives the message's ID. */
  async send({ order, requestId }: Sent): Promise<string> {
    const { SendMessageCommand } = await sqs();
    const { MessageId = "" } = await this.queue.send(
      new SendMessageCommand({
        QueueUrl: this.parts.queueUrl,
        MessageBody: JSON.stringify(order),
        MessageAttributes: { RequestId: { DataType: "String", StringValue: requestId } },
      }),
    );
    return MessageId;
  }

  /** The outcome of a message by the function's log; undefined while that says nothing of it. */
  async archived(mark: string, began: Date): Promise<ReturnType<typeof archivedLine>> {
    const lines = await this.logLines(began, `"${mark}"`);
    const found = lines.map((line) => archivedLine(line, mark));
    return found.find((each) => each?.key !== undefined) ?? found.at(-1);
  }

  /** The last lines of the function's log. */
  async lastLogLines(since: Date): Promise<readonly string[]> {
    return (await this.logLines(since)).slice(-5);
  }

  private async logLines(since: Date, filterPattern?: string): Promise<readonly string[]> {
    const { FilterLogEventsCommand } = await logs();
    const { events = [] } = await this.log.send(
      new FilterLogEventsCommand({
        logGroupName: this.parts.logGroup,
        // The clocks of two machines differ.
        startTime: since.getTime() - 5000,
        filterPattern,
      }),
    );
    return events.map(({ message = "" }) => message.trim());
  }

  /** The text of an object; undefined when there is none. */
  async object(key: string): Promise<string | undefined> {
    const { GetObjectCommand, NoSuchKey } = await s3();
    try {
      const { Body } = await this.bucket.send(
        new GetObjectCommand({ Bucket: this.parts.bucket, Key: key }),
      );
      return await Body?.transformToString();
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  }

  /**
   * The key of the object that holds an order, looked for among those of today: where the log says
   * nothing, that is the only way.
   */
  async find({ order, began }: Sent): Promise<string | undefined> {
    const { paginateListObjectsV2 } = await s3();
    for (const day of new Set([began, new Date()].map((date) => date.toISOString().slice(0, 10)))) {
      const prefix = `orders/${day.replaceAll("-", "/")}/`;
      const pages = paginateListObjectsV2(
        { client: this.bucket },
        { Bucket: this.parts.bucket, Prefix: prefix },
      );
      for await (const { Contents = [] } of pages) {
        const recent = Contents.filter(
          ({ LastModified }) => (LastModified?.getTime() ?? 0) > began.getTime() - 5000,
        );
        for (const { Key = "" } of recent) {
          if (isOrder((await this.object(Key)) ?? "", order)) return Key;
        }
      }
    }
    return undefined;
  }
}
