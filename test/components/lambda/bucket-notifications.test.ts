import { Bucket } from "../../../components/data/bucket";
import {
  BucketNotifications,
  type BucketNotificationsArgs,
} from "../../../components/lambda/bucket-notifications";
import { record } from "../../../components/testing";
import { aliasOf, functionNamed, invocationBy } from "../../support/functions";
import { unusable } from "../../support/refusals";

const type = "groundwork:lambda:BucketNotifications";
const notification = "aws:s3/bucketNotification:BucketNotification";
const permission = "aws:lambda/permission:Permission";

type Given = Record<string, { events?: string[]; prefix?: string; suffix?: string }>;

/** Notifications of a bucket, each function named like its key. */
const recordNotifications = (given: Given, more: Partial<BucketNotificationsArgs> = {}) =>
  record(() => {
    const functions = Object.entries(given).map(([key, rest]) => [
      key,
      { function: functionNamed(key.replace(/\W/g, "") || "f"), ...rest },
    ]);
    const { notification } = new BucketNotifications("uploads", {
      bucket: new Bucket("uploads"),
      functions: Object.fromEntries(functions),
      ...more,
    });
    return { id: notification.id };
  });
const refused = (...problems: string[]) => new Error(unusable(type, "uploads", ...problems));

describe("BucketNotifications", () => {
  test("default calls the alias for each new object, on behalf of this account's bucket", async () => {
    const recording = await recordNotifications({ shrink: {} });

    expect(recording.one(type, "uploads").inputs).toEqual({});
    expect([...recording.childrenOf(type, "uploads")].sort()).toEqual([
      `${permission} uploads-shrink-invoke`,
      `${notification} uploads`,
    ]);
    expect(recording.one(permission, "uploads-shrink-invoke").inputs).toEqual({
      ...invocationBy("shrink", "s3.amazonaws.com", "arn:aws:s3:::uploads-1234567"),
      sourceAccount: "123456789012",
    });
    expect(recording.one(notification, "uploads").inputs).toEqual({
      bucket: "uploads-1234567",
      eventbridge: false,
      lambdaFunctions: [
        { id: "shrink", lambdaFunctionArn: aliasOf("shrink"), events: ["s3:ObjectCreated:*"] },
      ],
    });
    expect(recording.one(notification, "uploads").dependencies).toContain(
      `${permission} uploads-shrink-invoke`,
    );
    expect(recording.outputs).toEqual({ id: "uploads-1234567-id" });
  });

  test("custom has several functions in the bucket's one configuration, and EventBridge", async () => {
    const recording = await recordNotifications(
      {
        jpegs: { prefix: "photos/", suffix: ".jpg" },
        pngs: { prefix: "photos/", suffix: ".png" },
        gone: { events: ["s3:ObjectRemoved:*", "s3:LifecycleExpiration:Delete"] },
      },
      { eventBridge: true },
    );
    expect(recording.ofType(permission).map(({ name }) => name)).toEqual([
      "uploads-jpegs-invoke",
      "uploads-pngs-invoke",
      "uploads-gone-invoke",
    ]);
    expect(recording.ofType(notification).map(({ inputs }) => inputs)).toEqual([
      {
        bucket: "uploads-1234567",
        eventbridge: true,
        lambdaFunctions: [
          {
            id: "jpegs",
            lambdaFunctionArn: aliasOf("jpegs"),
            events: ["s3:ObjectCreated:*"],
            filterPrefix: "photos/",
            filterSuffix: ".jpg",
          },
          {
            id: "pngs",
            lambdaFunctionArn: aliasOf("pngs"),
            events: ["s3:ObjectCreated:*"],
            filterPrefix: "photos/",
            filterSuffix: ".png",
          },
          {
            id: "gone",
            lambdaFunctionArn: aliasOf("gone"),
            events: ["s3:ObjectRemoved:*", "s3:LifecycleExpiration:Delete"],
          },
        ],
      },
    ]);
  });

  test.each<[string, Given]>([
    ["all objects", { a: {}, b: {} }],
    ["one event among others", { a: { events: ["s3:ObjectCreated:Put"] }, b: {} }],
    ["a prefix within another", { a: { prefix: "photos/" }, b: { prefix: "photos/2026/" } }],
    ["a prefix and a suffix", { a: { prefix: "photos/" }, b: { suffix: ".jpg" } }],
    ["a suffix within another", { a: { suffix: ".jpg" }, b: { suffix: "small.jpg" } }],
  ])("fails when two functions are meant by the same: %s", async (_, given) => {
    await expect(recordNotifications(given)).rejects.toThrow(
      refused(
        "functions.a and functions.b are meant by the same events, which S3 refuses: give them prefixes or suffixes that exclude each other, or take eventBridge and an EventRule for each",
      ),
    );
  });

  test("fails when S3 would refuse it, with all of it", async () => {
    await expect(
      recordNotifications({ "my jpegs": {}, none: { events: [] }, odd: { events: ["s3:Put"] } }),
    ).rejects.toThrow(
      refused(
        'a name in functions is "my jpegs": give at most 40 letters, digits, hyphens and underscores: names in AWS are made of it',
        'functions.none.events is empty: give one, like "s3:ObjectCreated:*"',
        'functions.odd.events[0] is "s3:Put": give an event type of S3, like s3:ObjectCreated:* or s3:ObjectRemoved:*',
      ),
    );
  });

  test("fails when nobody is to hear of anything", async () => {
    await expect(recordNotifications({})).rejects.toThrow(
      refused("functions is empty: give one, or eventBridge: true"),
    );
  });

  test("fails when the bucket itself tells EventBridge, which one of the two would undo", async () => {
    const twice = record(() => {
      const bucket = new Bucket("uploads", { eventBridge: true });
      new BucketNotifications("uploads", { bucket, eventBridge: true });
    });
    await expect(twice).rejects.toThrow(
      refused(
        "the bucket has eventBridge of its own, which is a notification configuration: leave it out there, and give it here",
      ),
    );
  });

  test("fails when the bucket has notifications already, which the second would take away", async () => {
    const twice = record(() => {
      const bucket = new Bucket("uploads");
      new BucketNotifications("first", { bucket, eventBridge: true });
      new BucketNotifications("uploads", { bucket, eventBridge: true });
    });
    await expect(twice).rejects.toThrow(
      refused(
        'the bucket has notifications already, in "first": put these there, S3 keeps one configuration for a bucket',
      ),
    );
  });
});
