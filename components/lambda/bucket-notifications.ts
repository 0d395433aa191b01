import * as s3 from "@pulumi/aws/s3";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentCheck } from "../arguments";
import type { Bucket } from "../data/bucket";
import { componentName, matching, text, trueOrFalse } from "../rules";
import type { LambdaFunction } from "./lambda-function";
import { accountOf, allowInvoke, checkFunction } from "./permission";

const type = "groundwork:lambda:BucketNotifications";

/** Which changes in a bucket a function is called for. */
export interface BucketNotification {
  /** What handles them, one at a time. */
  readonly function: LambdaFunction;
  /**
   * What happened, like `s3:ObjectRemoved:*`.
   * @default ["s3:ObjectCreated:*"]
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-event-types-and-destinations.html
   */
  readonly events?: readonly string[];
  /**
   * Keys that begin so.
   * @default all
   */
  readonly prefix?: string;
  /**
   * Keys that end so.
   * @default all
   */
  readonly suffix?: string;
}

/** Arguments of {@link BucketNotifications}. */
export interface BucketNotificationsArgs {
  /** Where the changes happen. A bucket has one `BucketNotifications` at the most. */
  readonly bucket: Bucket;
  /**
   * The functions that are called, each under a name that it keeps. S3 calls one of them for an
   * event, so no two may be meant by the same.
   * @default none
   * @example functions: { thumbnails: { function: shrink, prefix: "photos/", suffix: ".jpg" } }
   */
  readonly functions?: Readonly<Record<string, BucketNotification>>;
  /**
   * Whether EventBridge gets every event too, for rules on the default bus: the way for several
   * functions to hear of the same event, for other conditions than prefix and suffix, and for
   * stacks that don't own the bucket.
   * @default false
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventBridge.html
   */
  readonly eventBridge?: boolean;
}

/**
 * Calls functions when objects of a bucket come or go. S3 keeps one notification configuration for
 * each bucket, and whoever writes it last wins: so all of a bucket's notifications stand together
 * here, and a second component for the same bucket is refused.
 *
 * Children: `name` (the configuration), and for each function `name-function-invoke` (the
 * permission).
 *
 * @example
 * new BucketNotifications("uploads", {
 *   bucket: uploads,
 *   functions: { thumbnails: { function: shrink, prefix: "photos/" } },
 * });
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventNotifications.html
 */
export class BucketNotifications extends pulumi.ComponentResource {
  /** The configuration itself. */
  readonly notification: s3.BucketNotification;

  /**
   * @throws {InvalidArgumentsError} for events that S3 does not know, for two functions that are
   * meant by the same event, and for a bucket that has notifications already
   */
  constructor(name: string, args: BucketNotificationsArgs, opts?: pulumi.ComponentResourceOptions) {
    const checked = check(name, args);
    super(type, name, {}, opts);
    const parent = { parent: this };
    configured.set(args.bucket, name);
    const source = { service: "s3.amazonaws.com", arn: args.bucket.arn };

    const permissions = checked.map(([key, { function: called }]) =>
      // A bucket's ARN does not say whose it is, and a name that is given up may be another's.
      allowInvoke(`${name}-${key}-invoke`, called, source, parent, accountOf(called.arn)),
    );
    this.notification = new s3.BucketNotification(
      name,
      {
        bucket: args.bucket.bucketName,
        eventbridge: args.eventBridge ?? false,
        lambdaFunctions: checked.map(([id, { function: called, events, prefix, suffix }]) => ({
          id,
          lambdaFunctionArn: called.arn,
          events: [...events],
          filterPrefix: prefix,
          filterSuffix: suffix,
        })),
      },
      // S3 refuses a function that it may not call.
      { ...parent, dependsOn: permissions },
    );
    this.registerOutputs({});
  }
}

/** The buckets of this program that have notifications, and of which name. */
const configured = new WeakMap<Bucket, string>();

type Checked = BucketNotification & { readonly events: readonly string[] };

function check(name: string, args: BucketNotificationsArgs): readonly [string, Checked][] {
  const check = new ArgumentCheck(type, name);
  check.known<BucketNotificationsArgs>(args, { bucket: true, functions: true, eventBridge: true });
  check.plain("eventBridge", args.eventBridge ?? false, trueOrFalse);
  check.shaped("bucket", args.bucket, ["bucketName", "versioning"], "a Bucket");
  const given = Object.entries(check.map("functions", args.functions));
  // What is added to a name becomes the id of a permission, which takes 100 characters.
  const longest = Math.max(0, ...given.map(([key]) => key.length));
  check.input("name", name, componentName(84 - longest));
  const other = configured.get(args.bucket);
  if (other !== undefined) {
    check.problem(
      `the bucket has notifications already, in "${other}": put these there, S3 keeps one configuration for a bucket`,
    );
  }
  if (args.bucket.eventBridge) {
    check.problem(
      "the bucket has eventBridge of its own, which is a notification configuration: leave it out there, and give it here",
    );
  }
  if (given.length === 0 && !args.eventBridge) {
    check.problem("functions is empty: give one, or eventBridge: true");
  }
  const checked = given.map(([key, notification]): [string, Checked] => {
    check.input("a name in functions", key, componentName(40));
    check.known<BucketNotification>(
      notification,
      { function: true, events: true, prefix: true, suffix: true },
      `functions.${key}.`,
    );
    const { prefix, suffix } = notification;
    check.plain(`functions.${key}.prefix`, prefix, text);
    check.plain(`functions.${key}.suffix`, suffix, text);
    const asked = check.listOf(`functions.${key}.events`, notification.events, eventType);
    const events = notification.events === undefined ? ["s3:ObjectCreated:*"] : asked;
    if (events.length === 0) {
      check.problem(`functions.${key}.events is empty: give one, like "s3:ObjectCreated:*"`);
    }
    checkFunction(check, `functions.${key}.function`, notification.function);
    return [key, { ...notification, events }];
  });
  checked.forEach(([key, one], i) => {
    const both = checked.slice(i + 1).find(([, another]) => overlap(one, another));
    if (both !== undefined) {
      check.problem(
        `functions.${key} and functions.${both[0]} are meant by the same events, which S3 refuses: ` +
          "give them prefixes or suffixes that exclude each other, or take eventBridge and an EventRule for each",
      );
    }
  });
  check.throwIfAny();
  return checked;
}

/** Whether there is an event that two notifications are meant by. */
function overlap(one: Checked, another: Checked): boolean {
  const nested = (a = "", b = "", within: (long: string, short: string) => boolean) =>
    within(a, b) || within(b, a);
  return (
    one.events.some((a) => another.events.some((b) => nested(a, b, coversEvent))) &&
    nested(one.prefix, another.prefix, (long, short) => long.startsWith(short)) &&
    nested(one.suffix, another.suffix, (long, short) => long.endsWith(short))
  );
}

/** `s3:ObjectCreated:*` covers `s3:ObjectCreated:Put`. */
function coversEvent(event: string, by: string): boolean {
  return event === by || (by.endsWith("*") && event.startsWith(by.slice(0, -1)));
}

const eventType = matching(
  /^s3:(ObjectCreated:(\*|Put|Post|Copy|CompleteMultipartUpload)|ObjectRemoved:(\*|Delete|DeleteMarkerCreated)|ObjectRestore:(\*|Post|Completed|Delete)|ReducedRedundancyLostObject|Replication:(\*|Operation(FailedReplication|MissedThreshold|ReplicatedAfterThreshold|NotTracked))|Lifecycle(Transition|Expiration:(\*|Delete|DeleteMarkerCreated))|IntelligentTiering|ObjectTagging:(\*|Put|Delete)|ObjectAcl:Put)$/,
  "an event type of S3, like s3:ObjectCreated:* or s3:ObjectRemoved:*",
);
