import * as pulumi from "@pulumi/pulumi";
import { Table } from "../../../components/data/table";
import type { TableArgs } from "../../../components/data/table-args";
import { record } from "../../../components/testing";
import { laterFailure, refusal, refusalOf, unusable } from "../../support/refusals";

const type = "groundwork:data:Table";
const table = "aws:dynamodb/table:Table";
const metricAlarm = "aws:cloudwatch/metricAlarm:MetricAlarm";

const name = "orders-1234567";
const arn = `arn:aws:dynamodb:eu-central-1:123456789012:table/${name}`;
const key = "arn:aws:kms:eu-central-1:123456789012:key/1";
const otherKey = "arn:aws:kms:eu-west-1:123456789012:key/2";
const id = { name: "id", type: "S" } as const;
const placed = { name: "placed", type: "N" } as const;
const state = { name: "state", type: "B" } as const;

const reads = ["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan"];
const writes = [
  "dynamodb:BatchWriteItem",
  "dynamodb:ConditionCheckItem",
  "dynamodb:DeleteItem",
  "dynamodb:PutItem",
  "dynamodb:UpdateItem",
];
const readsKey = ["kms:Decrypt", "kms:DescribeKey"];
const writesKey = [...readsKey, "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"];

/** What is made by default. */
const usual = {
  billingMode: "PAY_PER_REQUEST",
  attributes: [id],
  hashKey: "id",
  globalSecondaryIndexes: [],
  localSecondaryIndexes: [],
  pointInTimeRecovery: { enabled: true, recoveryPeriodInDays: 35 },
  deletionProtectionEnabled: true,
  replicas: [],
};

describe("Table", () => {
  test("default is paid by request, restorable, and not to be deleted", async () => {
    const recording = await record(() => {
      const { tableName, arn, streamArn } = new Table("orders", { partitionKey: id });
      return { tableName, arn, streamArn };
    });
    expect(recording.resources).toHaveLength(2);
    expect(recording.one(type, "orders").outputs).toEqual({ tableName: name, arn });
    expect(recording.childrenOf(type, "orders")).toEqual([`${table} orders`]);
    expect(recording.one(table, "orders").inputs).toEqual(usual);
    expect(recording.outputs).toEqual({ tableName: name, arn });
  });

  test("custom has indexes, a stream, an end for items, and a key of one's own", async () => {
    const recording = await record(() => {
      const { streamArn } = new Table("orders", {
        partitionKey: id,
        sortKey: placed,
        globalIndexes: {
          byState: { partitionKey: state, sortKey: placed, projection: ["total", "currency"] },
          byPlaced: { partitionKey: placed },
        },
        localIndexes: { byStateOfOne: { sortKey: state, projection: "KEYS_ONLY" } },
        ttlAttribute: pulumi.output("expires"),
        streamViewType: "NEW_IMAGE",
        recoveryPeriodDays: pulumi.output(7),
        kmsKeyArn: pulumi.output(key),
        deletionProtection: false,
      });
      return { streamArn };
    });
    expect(recording.resources).toHaveLength(2);
    expect(recording.one(table, "orders").inputs).toEqual({
      ...usual,
      attributes: [id, placed, state],
      rangeKey: "placed",
      globalSecondaryIndexes: [
        {
          name: "byState",
          hashKey: "state",
          rangeKey: "placed",
          projectionType: "INCLUDE",
          nonKeyAttributes: ["total", "currency"],
        },
        { name: "byPlaced", hashKey: "placed", projectionType: "ALL" },
      ],
      localSecondaryIndexes: [
        { name: "byStateOfOne", rangeKey: "state", projectionType: "KEYS_ONLY" },
      ],
      ttl: { enabled: true, attributeName: "expires" },
      streamEnabled: true,
      streamViewType: "NEW_IMAGE",
      pointInTimeRecovery: { enabled: true, recoveryPeriodInDays: 7 },
      serverSideEncryption: { enabled: true, kmsKeyArn: key },
      deletionProtectionEnabled: false,
    });
    expect(recording.outputs).toEqual({ streamArn: `${arn}/stream/2026-01-01T00:00:00.000` });
  });

  test("keeps copies in other regions, each with that region's key and the stream they need", async () => {
    const recording = await record(() => {
      new Table("orders", {
        partitionKey: id,
        kmsKeyArn: key,
        replicas: [{ region: "eu-west-1", kmsKeyArn: pulumi.output(otherKey) }],
      });
    });
    expect(recording.one(table, "orders").inputs).toEqual({
      ...usual,
      serverSideEncryption: { enabled: true, kmsKeyArn: key },
      streamEnabled: true,
      streamViewType: "NEW_AND_OLD_IMAGES",
      replicas: [
        {
          regionName: "eu-west-1",
          kmsKeyArn: otherKey,
          pointInTimeRecovery: true,
          deletionProtectionEnabled: true,
          propagateTags: true,
        },
      ],
    });
  });

  test("tells of requests that fail, whatever they ask for, where there is somebody to tell", async () => {
    const topic = "arn:aws:sns:eu-central-1:123456789012:alarms";
    const recording = await record(() => {
      new Table("orders", { partitionKey: id, alarmActions: [pulumi.output(topic)] });
    });
    expect(recording.childrenOf(type, "orders")).toEqual([
      `${metricAlarm} orders-errors-alarm`,
      `${metricAlarm} orders-throttles-alarm`,
      `${table} orders`,
    ]);
    const operations = [
      "BatchGetItem",
      "BatchWriteItem",
      "DeleteItem",
      "GetItem",
      "PutItem",
      "Query",
      "Scan",
      "TransactGetItems",
      "TransactWriteItems",
      "UpdateItem",
    ];
    expect(recording.one(metricAlarm, "orders-throttles-alarm").inputs).toEqual({
      alarmDescription: `Requests to ${name} are throttled: spread the keys, or ask for a higher quota`,
      metricQueries: [
        { id: "sum", expression: "SUM(METRICS())", label: "ThrottledRequests", returnData: true },
        ...operations.map((Operation, i) => ({
          id: `m${i}`,
          metric: {
            namespace: "AWS/DynamoDB",
            metricName: "ThrottledRequests",
            dimensions: { TableName: name, Operation },
            period: 60,
            stat: "Sum",
          },
        })),
      ],
      evaluationPeriods: 1,
      comparisonOperator: "GreaterThanThreshold",
      threshold: 0,
      treatMissingData: "notBreaching",
      alarmActions: [topic],
      okActions: [topic],
    });
    expect(recording.one(metricAlarm, "orders-errors-alarm").inputs).toMatchObject({
      alarmDescription: `Requests to ${name} fail in DynamoDB: see the AWS Health Dashboard`,
      metricQueries: expect.arrayContaining([
        { id: "sum", expression: "SUM(METRICS())", label: "SystemErrors", returnData: true },
      ]),
    });
  });

  test("grants reading, writing or both, and nothing else", async () => {
    const { outputs } = await record(() => {
      const orders = new Table("orders", { partitionKey: id });
      return {
        read: orders.grantRead(),
        write: orders.grantWrite(),
        both: orders.grantReadWrite().statements,
      };
    });
    const environment = { ORDERS_TABLE: name };
    expect(outputs).toEqual({
      read: { statements: [{ actions: reads, resources: [arn] }], environment },
      write: { statements: [{ actions: writes, resources: [arn] }], environment },
      both: [
        {
          actions: [
            "dynamodb:BatchGetItem",
            "dynamodb:BatchWriteItem",
            "dynamodb:ConditionCheckItem",
            "dynamodb:DeleteItem",
            "dynamodb:GetItem",
            "dynamodb:PutItem",
            "dynamodb:Query",
            "dynamodb:Scan",
            "dynamodb:UpdateItem",
          ],
          resources: [arn],
        },
      ],
    });
  });

  test("grants with reading the indexes, and with either the use of its own key", async () => {
    const { outputs } = await record(() => {
      const orders = new Table("orders", {
        partitionKey: id,
        globalIndexes: { byPlaced: { partitionKey: placed } },
        kmsKeyArn: key,
      });
      return {
        read: orders.grantRead().statements.slice(1),
        write: orders.grantWrite().statements.slice(1),
        both: orders.grantReadWrite().statements.slice(1),
      };
    });
    const index = { actions: ["dynamodb:Query", "dynamodb:Scan"], resources: [`${arn}/index/*`] };
    expect(outputs).toEqual({
      read: [index, { actions: readsKey, resources: [key] }],
      write: [{ actions: writesKey, resources: [key] }],
      both: [index, { actions: writesKey, resources: [key] }],
    });
  });

  test("grants its stream", async () => {
    const { outputs } = await record(() =>
      new Table("orders", {
        partitionKey: id,
        streamViewType: "KEYS_ONLY",
        kmsKeyArn: key,
      }).grantStream(),
    );
    expect(outputs).toEqual({
      statements: [
        {
          actions: [
            "dynamodb:DescribeStream",
            "dynamodb:GetRecords",
            "dynamodb:GetShardIterator",
            "dynamodb:ListStreams",
          ],
          resources: [`${arn}/stream/2026-01-01T00:00:00.000`],
        },
        { actions: readsKey, resources: [key] },
      ],
      environment: {},
    });
  });

  test("fails to grant a stream that it does not have", async () => {
    const { message } = await refusal(() =>
      new Table("orders", { partitionKey: id }).grantStream(),
    );
    expect(message).toBe(unusable(type, "orders", "it has no stream: give it a streamViewType"));
  });

  test("fails when anything is outside what DynamoDB takes, with all of it and before anything is made", async () => {
    const refused = await refusal(
      () =>
        new Table("orders", {
          partitionKey: id,
          globalIndexes: {
            a: { partitionKey: { name: "id", type: "N" } },
            byNothing: { partitionKey: { name: "", type: "T" as "S" } },
          },
          localIndexes: { byPlaced: { sortKey: placed } },
          ttlAttribute: "",
          recoveryPeriodDays: 36,
          streamViewType: "NEW_IMAGE",
          replicas: [{ region: "Ireland", kmsKeyArn: otherKey }],
        }),
    );
    expect(refused).toEqual(
      refusalOf(
        type,
        "orders",
        'a name in globalIndexes is "a": give 3 to 255 letters, digits, dots, hyphens and underscores',
        "localIndexes are given, and the table has no sortKey: give it one",
        'replicas[0].region is "Ireland": give a region, like eu-west-1',
        "replicas[0].kmsKeyArn and kmsKeyArn: give both or none, each a key of its own region",
        'streamViewType is "NEW_IMAGE": replicas need "NEW_AND_OLD_IMAGES", leave it out',
        'globalIndexes.a.partitionKey has "id" as N, and another key has it as S: an attribute has one type',
        'globalIndexes.byNothing.partitionKey.name is "": give a text of 1 to 255 characters',
        'globalIndexes.byNothing.partitionKey.type is "T": give one of S, N, B',
        'ttlAttribute is "": give a text of 1 to 255 characters',
        "recoveryPeriodDays is 36: give a whole number from 1 to 35 days",
      ),
    );
  });

  test("fails when there are too many indexes, or no key", async () => {
    const indexes = Object.fromEntries(
      Array.from({ length: 21 }, (_, i) => [`by-${i}`, { sortKey: placed }]),
    );
    const globalIndexes = Object.fromEntries(
      Array.from({ length: 21 }, (_, i) => [`for-${i}`, { partitionKey: placed }]),
    );
    const { message } = await refusal(
      () =>
        new Table("orders", {
          sortKey: placed,
          globalIndexes,
          localIndexes: indexes,
          streamViewType: "ALL",
        } as unknown as TableArgs),
    );
    expect(message).toBe(
      unusable(
        type,
        "orders",
        "partitionKey is missing: give it",
        "globalIndexes has 21: DynamoDB takes 20 at the most",
        "localIndexes has 21: DynamoDB takes 5 at the most",
        'streamViewType is "ALL": give one of KEYS_ONLY, NEW_IMAGE, OLD_IMAGE, NEW_AND_OLD_IMAGES',
      ),
    );
  });

  test.each<[unknown, string]>([
    [
      { ttlAttribute: "id" },
      'ttlAttribute is "id", which a key has as S: give a number, no item would go',
    ],
    [{ sortKey: id }, 'sortKey is "id", as the partition key: give another one'],
    [
      { sortKey: "placed" },
      'sortKey is "placed": give an attribute, like { name: "id", type: "S" }',
    ],
    [{ globalIndexes: { byX: {} } }, "globalIndexes.byX.partitionKey is missing: give it"],
    [
      { sortKey: placed, localIndexes: { byX: {} } },
      "localIndexes.byX.sortKey is missing: give it",
    ],
    [
      { globalIndexes: { byX: { partitionKey: placed, projection: [] } } },
      'globalIndexes.byX.projection is []: give "ALL", "KEYS_ONLY" or 1 to 20 attributes\' names',
    ],
    [
      {
        sortKey: placed,
        globalIndexes: { byX: { partitionKey: placed } },
        localIndexes: { byX: { sortKey: placed } },
      },
      'globalIndexes and localIndexes both have "byX": rename one',
    ],
    [
      { replicas: [{ region: "eu-west-1" }, { region: "eu-west-1" }] },
      'replicas[1].region is "eu-west-1", as another one\'s: leave it out',
    ],
  ])("fails when it is given %j", async (args, problem) => {
    const { message } = await refusal(
      () => new Table("orders", { partitionKey: id, ...(args as Partial<TableArgs>) }),
    );
    expect(message).toBe(unusable(type, "orders", problem));
  });

  test.each<[Partial<TableArgs>, string]>([
    [
      { recoveryPeriodDays: pulumi.output(0) },
      "recoveryPeriodDays is 0: give a whole number from 1 to 35 days",
    ],
    [
      { kmsKeyArn: pulumi.output("alias/a") },
      'kmsKeyArn is "alias/a": give the ARN of a resource of kms, like arn:aws:kms:...',
    ],
  ])("rejects later what turns out not to fit: %#", async (args, problem) => {
    expect(await laterFailure(() => new Table("orders", { partitionKey: id, ...args }))).toBe(
      unusable(type, "orders", problem),
    );
  });
});
