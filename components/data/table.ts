import * as aws from "@pulumi/aws/dynamodb";
import * as pulumi from "@pulumi/pulumi";
import { InvalidArgumentsError } from "../arguments";
import { environmentName, type Grant, keyStatements, type Statement } from "../iam/grant";
import { createAlarm } from "../monitoring/alarm";
import type { Health } from "../monitoring/health";
import { checkArguments, type Projection, type TableArgs } from "./table-args";
import { tableHealth } from "./table-health";

const type = "groundwork:data:Table";

/**
 * A table in Amazon DynamoDB: encrypted, paid by request, restorable to any second, and not to be
 * deleted by mistake.
 *
 * Children: `name` (the table), and `name-throttles-alarm` and `name-errors-alarm` where there is
 * somebody to tell.
 *
 * @example
 * const orders = new Table("orders", {
 *   partitionKey: { name: "customer", type: "S" },
 *   sortKey: { name: "placedAt", type: "N" },
 * });
 * new LambdaFunction("checkout", { ..., grants: [orders.grantReadWrite()] });
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Introduction.html
 */
export class Table extends pulumi.ComponentResource {
  /** The table itself. */
  readonly table: aws.Table;
  /** The table's name, which the DynamoDB API takes. */
  readonly tableName: pulumi.Output<string>;
  /** The table's ARN. */
  readonly arn: pulumi.Output<string>;
  /** ARN of the table's stream, where it has one. */
  readonly streamArn: pulumi.Output<string> | undefined;

  private readonly name: string;
  private readonly alarms: Health["alarms"];
  private readonly kmsKeyArn: pulumi.Input<string> | undefined;
  private readonly indexed: boolean;

  /** @throws {InvalidArgumentsError} for keys, indexes and replicas that DynamoDB refuses */
  constructor(name: string, args: TableArgs, opts?: pulumi.ComponentResourceOptions) {
    const checked = checkArguments(type, name, args);
    super(type, name, {}, opts);
    const parent = { parent: this };
    const { kmsKeyArn, streamViewType, deletionProtection: deletionProtectionEnabled } = checked;
    const globalIndexes = Object.entries(args.globalIndexes ?? {});
    const localIndexes = Object.entries(args.localIndexes ?? {});

    this.table = new aws.Table(
      name,
      {
        billingMode: "PAY_PER_REQUEST",
        attributes: checked.attributes.map(({ name, type }) => ({ name, type })),
        hashKey: args.partitionKey.name,
        rangeKey: args.sortKey?.name,
        globalSecondaryIndexes: globalIndexes.map(([name, index]) => ({
          name,
          hashKey: index.partitionKey.name,
          rangeKey: index.sortKey?.name,
          ...projected(index.projection),
        })),
        localSecondaryIndexes: localIndexes.map(([name, index]) => ({
          name,
          rangeKey: index.sortKey.name,
          ...projected(index.projection),
        })),
        pointInTimeRecovery: { enabled: true, recoveryPeriodInDays: checked.recoveryPeriodDays },
        deletionProtectionEnabled,
        ...(kmsKeyArn !== undefined && { serverSideEncryption: { enabled: true, kmsKeyArn } }),
        ...(checked.ttlAttribute !== undefined && {
          ttl: { enabled: true, attributeName: checked.ttlAttribute },
        }),
        ...(streamViewType !== undefined && { streamEnabled: true, streamViewType }),
        replicas: checked.replicas.map(({ region, kmsKeyArn }) => ({
          regionName: region,
          kmsKeyArn,
          pointInTimeRecovery: true,
          deletionProtectionEnabled,
          propagateTags: true,
        })),
      },
      parent,
    );
    this.alarms =
      checked.alarmActions.length > 0 ? this.createAlarms(name, checked.alarmActions) : [];

    this.tableName = this.table.name;
    this.arn = this.table.arn;
    this.streamArn = streamViewType === undefined ? undefined : this.table.streamArn;
    this.name = name;
    this.kmsKeyArn = kmsKeyArn;
    this.indexed = globalIndexes.length + localIndexes.length > 0;
    this.registerOutputs({ tableName: this.tableName, arn: this.arn });
  }

  /**
   * What it takes to read items, by the table and its indexes, also in transactions.
   * Environment: `NAME_TABLE`.
   */
  grantRead(): Grant {
    return this.grant(reading, []);
  }

  /**
   * What it takes to put, update and delete items, also on conditions and in transactions, and not
   * to read them. Environment: `NAME_TABLE`.
   */
  grantWrite(): Grant {
    return this.grant([], writing);
  }

  /** What {@link grantRead} and {@link grantWrite} give together. Environment: `NAME_TABLE`. */
  grantReadWrite(): Grant {
    return this.grant(reading, writing);
  }

  /**
   * What it takes to read the table's stream, as an event source does.
   * @throws {InvalidArgumentsError} when the table has no stream
   */
  grantStream(): Grant {
    if (this.streamArn === undefined) {
      throw new InvalidArgumentsError(`${type} "${this.name}"`, [
        "it has no stream: give it a streamViewType",
      ]);
    }
    return {
      statements: [
        {
          actions: [
            "dynamodb:DescribeStream",
            "dynamodb:GetRecords",
            "dynamodb:GetShardIterator",
            // Lambda refuses an event source whose function may not do this to the stream.
            "dynamodb:ListStreams",
          ],
          resources: [this.streamArn],
        },
        ...keyStatements(this.kmsKeyArn, readingKey),
      ],
      environment: {},
    };
  }

  /** How the table is, for a {@link Dashboard}. */
  health(): Health {
    return tableHealth(this.name, this.tableName, this.alarms);
  }

  private grant(reads: readonly string[], writes: readonly string[]): Grant {
    const index: readonly Statement[] =
      this.indexed && reads.length > 0
        ? [
            {
              actions: ["dynamodb:Query", "dynamodb:Scan"],
              resources: [pulumi.interpolate`${this.arn}/index/*`],
            },
          ]
        : [];
    return {
      statements: [
        { actions: [...reads, ...writes].sort(), resources: [this.arn] },
        ...index,
        ...keyStatements(this.kmsKeyArn, writes.length > 0 ? writingKey : readingKey),
      ],
      environment: { [environmentName(this.name, "TABLE")]: this.tableName },
    };
  }

  /** An alarm for each way in which requests fail that is not the caller's. */
  private createAlarms(
    name: string,
    actions: readonly pulumi.Input<string>[],
  ): readonly pulumi.Output<string>[] {
    const failed = {
      throttles: {
        metricName: "ThrottledRequests",
        what: "are throttled: spread the keys, or ask for a higher quota",
      },
      errors: {
        metricName: "SystemErrors",
        what: "fail in DynamoDB: see the AWS Health Dashboard",
      },
    };
    return Object.entries(failed).map(([suffix, { metricName, what }]) => {
      const alarm = createAlarm(
        `${name}-${suffix}-alarm`,
        {
          description: pulumi.interpolate`Requests to ${this.table.name} ${what}`,
          namespace: "AWS/DynamoDB",
          metricName,
          dimensions: { TableName: this.table.name },
          // DynamoDB counts them by operation only.
          sumOver: { dimension: "Operation", values: operations },
          statistic: "Sum",
          threshold: 0,
          actions,
        },
        { parent: this },
      );
      return alarm.arn;
    });
  }
}

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html */
const reading = ["BatchGetItem", "GetItem", "Query", "Scan"].map((each) => `dynamodb:${each}`);
const writing = ["BatchWriteItem", "ConditionCheckItem", "DeleteItem", "PutItem", "UpdateItem"].map(
  (each) => `dynamodb:${each}`,
);

/**
 * What DynamoDB does with the table's key in the name of its callers.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
 */
const readingKey = ["kms:Decrypt", "kms:DescribeKey"];
const writingKey = [...readingKey, "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"];

/** The operations that DynamoDB counts failures by. */
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

function projected(projection: Projection = "ALL") {
  return typeof projection === "string"
    ? { projectionType: projection }
    : { projectionType: "INCLUDE", nonKeyAttributes: [...projection] };
}
