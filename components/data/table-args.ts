import type * as pulumi from "@pulumi/pulumi";
import { ArgumentCheck } from "../arguments";
import { checkAlarmActions } from "../monitoring/alarm";
import {
  arn,
  componentName,
  matching,
  oneOf,
  regionName,
  trueOrFalse,
  wholeNumber,
} from "../rules";
import { kindOf, shown } from "../values";

/** An attribute that is part of a key: its name, and whether it is text, a number or bytes. */
export interface KeyAttribute {
  readonly name: string;
  readonly type: "S" | "N" | "B";
}

/**
 * What an index holds: everything, the keys alone, or the keys and 1 to 20 named attributes.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Projection.html
 */
export type Projection = "ALL" | "KEYS_ONLY" | readonly string[];

/** An index by another sort key, which is read as consistently as the table. */
export interface LocalIndex {
  readonly sortKey: KeyAttribute;
  /** @default "ALL" */
  readonly projection?: Projection;
}

/** An index by another partition key, which follows the table shortly after. */
export interface GlobalIndex {
  readonly partitionKey: KeyAttribute;
  /** @default none */
  readonly sortKey?: KeyAttribute;
  /** @default "ALL" */
  readonly projection?: Projection;
}

/** A copy of a table in another region, which can be read and written there. */
export interface Replica {
  /** The region, like `eu-west-1`. */
  readonly region: string;
  /** ARN of a KMS key of that region. Given where the table has one, and only there. */
  readonly kmsKeyArn?: pulumi.Input<string>;
}

/** Arguments of {@link Table}. */
export interface TableArgs {
  /** The attribute that says in which partition an item lies. Another one is another table. */
  readonly partitionKey: KeyAttribute;
  /**
   * The attribute that orders the items of a partition. Another one is another table.
   * @default none: each partition key has one item
   */
  readonly sortKey?: KeyAttribute;
  /**
   * Indexes by other partition keys, by their names; up to 20.
   * @default none
   * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html
   */
  readonly globalIndexes?: Readonly<Record<string, GlobalIndex>>;
  /**
   * Indexes by other sort keys, by their names; up to 5. They need a `sortKey`, and other ones are
   * another table.
   * @default none
   * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LSI.html
   */
  readonly localIndexes?: Readonly<Record<string, LocalIndex>>;
  /**
   * The attribute, a number, that says when an item may go, in seconds since 1970. It goes within some days
   * after: readers leave out what is past its time.
   * @default none: items stay
   * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html
   */
  readonly ttlAttribute?: pulumi.Input<string>;
  /**
   * What the table's stream tells of each changed item.
   * @default no stream; with replicas `NEW_AND_OLD_IMAGES`, which they need
   * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html
   */
  readonly streamViewType?: "KEYS_ONLY" | "NEW_IMAGE" | "OLD_IMAGE" | "NEW_AND_OLD_IMAGES";
  /**
   * Copies in other regions, which DynamoDB keeps in step within seconds.
   * @default none
   * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GlobalTables.html
   */
  readonly replicas?: readonly Replica[];
  /**
   * To any second of how many last days the table can be restored, 1 to 35.
   * @default 35
   * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Point-in-time-recovery.html
   */
  readonly recoveryPeriodDays?: pulumi.Input<number>;
  /**
   * ARN of the KMS key that encrypts the table.
   * @default a key that AWS keeps for DynamoDB
   * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/EncryptionAtRest.html
   */
  readonly kmsKeyArn?: pulumi.Input<string>;
  /**
   * Whether DynamoDB refuses to delete the table, whoever asks.
   * @default true: to delete it, set it to false first, in an update of its own
   * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithTables.Basics.html#WorkingWithTables.Basics.DeletionProtection
   */
  readonly deletionProtection?: pulumi.Input<boolean>;
  /**
   * ARNs of what is told when requests are throttled or DynamoDB fails, and when it is over: best an
   * {@link AlarmTopic}'s.
   * @default none, and no alarm is made
   */
  readonly alarmActions?: readonly pulumi.Input<string>[];
}

/**
 * Checks the arguments of a table.
 * @returns those to use from here on
 */
export function checkArguments(type: string, name: string, args: TableArgs) {
  const check = new ArgumentCheck(type, name);
  check.known<TableArgs>(args, {
    partitionKey: true,
    sortKey: true,
    globalIndexes: true,
    localIndexes: true,
    ttlAttribute: true,
    streamViewType: true,
    replicas: true,
    recoveryPeriodDays: true,
    kmsKeyArn: true,
    deletionProtection: true,
    alarmActions: true,
  });
  // "-throttles-alarm" and Pulumi's 8 characters are added; CloudWatch takes 255.
  check.input("name", name, componentName(231));
  if (args.partitionKey === undefined) check.problem("partitionKey is missing: give it");
  checkIndexes(check, args);
  checkReplicas(check, args);
  const attributes = keyAttributes(check, args);
  const expiry = attributes.find(({ name }) => name === args.ttlAttribute);
  if (expiry?.type === "S" || expiry?.type === "B") {
    check.problem(
      `ttlAttribute is "${expiry.name}", which a key has as ${expiry.type}: give a number, no item would go`,
    );
  }
  const checked = {
    attributes,
    deletionProtection: check.input(
      "deletionProtection",
      args.deletionProtection ?? true,
      trueOrFalse,
    ),
    ttlAttribute: check.input("ttlAttribute", args.ttlAttribute, attributeName),
    recoveryPeriodDays: check.input(
      "recoveryPeriodDays",
      args.recoveryPeriodDays ?? 35,
      wholeNumber(1, 35, "days"),
    ),
    kmsKeyArn: check.input("kmsKeyArn", args.kmsKeyArn, arn("kms")),
    replicas: check.list("replicas", args.replicas).map(({ region, kmsKeyArn }, i) => ({
      region,
      kmsKeyArn: check.input(`replicas[${i}].kmsKeyArn`, kmsKeyArn, arn("kms")),
    })),
    streamViewType:
      args.streamViewType ?? (args.replicas?.length ? ("NEW_AND_OLD_IMAGES" as const) : undefined),
    alarmActions: checkAlarmActions(check, args.alarmActions),
  };
  check.throwIfAny();
  return checked;
}

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html */
const attributeName = matching(/^.{1,255}$/s, "a text of 1 to 255 characters");
const indexName = matching(
  /^[A-Za-z0-9_.-]{3,255}$/,
  "3 to 255 letters, digits, dots, hyphens and underscores",
);

/** The attributes of a primary key, of the table or of an index. */
interface PrimaryKey {
  readonly partitionKey: KeyAttribute;
  readonly sortKey?: KeyAttribute;
}

/** Every primary key, by its path in the arguments. */
function primaryKeysOf(check: ArgumentCheck, args: TableArgs): readonly [string, PrimaryKey][] {
  const { partitionKey, globalIndexes, localIndexes } = args;
  const ofGlobal = Object.entries(check.map("globalIndexes", globalIndexes)).map(
    ([name, index]): [string, PrimaryKey] => {
      const path = `globalIndexes.${name}.`;
      check.known<GlobalIndex>(
        index,
        { partitionKey: true, sortKey: true, projection: true },
        path,
      );
      checkProjection(check, `${path}projection`, index.projection);
      if (index.partitionKey === undefined)
        check.problem(`${path}partitionKey is missing: give it`);
      return [path, index];
    },
  );
  const ofLocal = Object.entries(check.map("localIndexes", localIndexes)).map(
    ([name, index]): [string, PrimaryKey] => {
      const path = `localIndexes.${name}.`;
      check.known<LocalIndex>(index, { sortKey: true, projection: true }, path);
      checkProjection(check, `${path}projection`, index.projection);
      if (index.sortKey === undefined) check.problem(`${path}sortKey is missing: give it`);
      return [path, { partitionKey, sortKey: index.sortKey }];
    },
  );
  return [["", args], ...ofGlobal, ...ofLocal];
}

/** The attributes that keys are made of, each one once. */
function keyAttributes(check: ArgumentCheck, args: TableArgs): readonly KeyAttribute[] {
  const known = new Map<string, KeyAttribute>();
  for (const [path, { partitionKey, sortKey }] of primaryKeysOf(check, args)) {
    if (partitionKey?.name !== undefined && partitionKey.name === sortKey?.name) {
      check.problem(`${path}sortKey is "${sortKey.name}", as the partition key: give another one`);
    }
    // A local index has the table's.
    const own = path.startsWith("localIndexes.") ? { sortKey } : { partitionKey, sortKey };
    for (const [which, key] of Object.entries(own)) {
      if (key === undefined) continue;
      if (!isKey(check, path + which, key)) continue;
      const other = known.get(key.name);
      if (other !== undefined && other.type !== key.type) {
        check.problem(
          `${path}${which} has "${key.name}" as ${key.type}, and another key has it as ${other.type}: ` +
            "an attribute has one type",
        );
      }
      known.set(key.name, key);
    }
  }
  return [...known.values()];
}

/** Checks an attribute of a key; nothing else can be said of what is none. */
function isKey(check: ArgumentCheck, path: string, key: KeyAttribute): boolean {
  if (kindOf(key) !== "an object") {
    check.problem(`${path} is ${shown(key)}: give an attribute, like { name: "id", type: "S" }`);
    return false;
  }
  check.known<KeyAttribute>(key, { name: true, type: true }, `${path}.`);
  check.required(`${path}.name`, key.name, attributeName, { plain: true });
  check.required(`${path}.type`, key.type, oneOf("S", "N", "B"), { plain: true });
  return true;
}

function checkProjection(check: ArgumentCheck, path: string, given: Projection | undefined): void {
  if (given === undefined || given === "ALL" || given === "KEYS_ONLY") return;
  if (!Array.isArray(given) || given.length < 1 || given.length > 20) {
    check.problem(
      `${path} is ${shown(given)}: give "ALL", "KEYS_ONLY" or 1 to 20 attributes' names`,
    );
    return;
  }
  check.listOf(path, given, attributeName);
}

function checkIndexes(check: ArgumentCheck, args: TableArgs): void {
  const limits = { globalIndexes: 20, localIndexes: 5 } as const;
  for (const [argument, limit] of Object.entries(limits)) {
    const names = Object.keys(args[argument as keyof typeof limits] ?? {});
    for (const name of names) check.input(`a name in ${argument}`, name, indexName);
    if (names.length > limit) {
      check.problem(`${argument} has ${names.length}: DynamoDB takes ${limit} at the most`);
    }
  }
  const twice = Object.keys(args.localIndexes ?? {}).find((name) => args.globalIndexes?.[name]);
  if (twice !== undefined) {
    check.problem(`globalIndexes and localIndexes both have "${twice}": rename one`);
  }
  if (args.localIndexes !== undefined && args.sortKey === undefined) {
    check.problem("localIndexes are given, and the table has no sortKey: give it one");
  }
}

const region = regionName("eu-west-1");

function checkReplicas(check: ArgumentCheck, args: TableArgs): void {
  const replicas = Array.isArray(args.replicas) ? args.replicas : [];
  for (const [i, replica] of replicas.entries()) {
    check.known<Replica>(replica, { region: true, kmsKeyArn: true }, `replicas[${i}].`);
    check.required(`replicas[${i}].region`, replica.region, region, { plain: true });
    if (replicas.findIndex((each) => each.region === replica.region) < i) {
      check.problem(`replicas[${i}].region is "${replica.region}", as another one's: leave it out`);
    }
    if ((replica.kmsKeyArn === undefined) !== (args.kmsKeyArn === undefined)) {
      check.problem(
        `replicas[${i}].kmsKeyArn and kmsKeyArn: give both or none, each a key of its own region`,
      );
    }
  }
  if (!["NEW_AND_OLD_IMAGES", undefined].includes(args.streamViewType) && replicas.length > 0) {
    check.problem(
      `streamViewType is "${args.streamViewType}": replicas need "NEW_AND_OLD_IMAGES", leave it out`,
    );
  }
  check.plain(
    "streamViewType",
    args.streamViewType,
    oneOf("KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"),
  );
}
