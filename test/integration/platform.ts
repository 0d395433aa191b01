import { execFileSync } from "node:child_process";
import { delimiter, resolve } from "node:path";

const ownPrograms = resolve(__dirname, "../../.groundwork/bin");

/**
 * Asks the local cluster.
 * @returns what kubectl prints, as JSON
 */
export function kubectl<T>(...args: readonly string[]): T {
  return JSON.parse(runKubectl([...args, "--output", "json"])) as T;
}

/** Puts objects into the local cluster. */
export function apply(objects: readonly object[]): void {
  runKubectl(["apply", "--filename", "-"], objectList(objects));
}

/** Takes objects out of it again, those that are gone already left aside. */
export function remove(objects: readonly object[]): void {
  runKubectl(["delete", "--ignore-not-found", "--filename", "-"], objectList(objects));
}

function objectList(items: readonly object[]): string {
  return JSON.stringify({ apiVersion: "v1", kind: "List", items });
}

function runKubectl(args: readonly string[], input?: string): string {
  return execFileSync("kubectl", args, {
    encoding: "utf8",
    env: { ...process.env, PATH: [process.env["PATH"], ownPrograms].join(delimiter) },
    ...(input !== undefined && { input }),
  });
}

/** Kubernetes' answer to a question for several objects. */
export interface ObjectList {
  readonly items: readonly { readonly metadata: { readonly name: string } }[];
}

/** The names of all namespaces. */
export function namespaces(): readonly string[] {
  return kubectl<ObjectList>("get", "namespaces").items.map((each) => each.metadata.name);
}

/** A request to the AWS emulator, in the protocol of its service. */
export interface Request {
  readonly service: string;
  /** For services that speak JSON: the operation. */
  readonly target?: string;
  /** For services that speak REST: it is got, or put where there is a body and no other method. */
  readonly path?: string;
  readonly method?: "POST" | "PUT";
  readonly body?: string;
}

/** How to list what a service holds. */
const lists: readonly Request[] = [
  { service: "ecr", target: "AmazonEC2ContainerRegistry_V20150921.DescribeRepositories" },
  { service: "logs", target: "Logs_20140328.DescribeLogGroups" },
  { service: "sqs", target: "AmazonSQS.ListQueues" },
  { service: "secretsmanager", target: "secretsmanager.ListSecrets" },
  { service: "lambda", path: "/2015-03-31/functions/" },
  { service: "lambda", path: "/2015-03-31/event-source-mappings/" },
  { service: "s3", path: "/" },
  { service: "iam", body: "Action=ListRoles&Version=2010-05-08" },
  { service: "sns", body: "Action=ListTopics&Version=2010-03-31" },
  { service: "monitoring", body: "Action=DescribeAlarms&Version=2010-08-01" },
  { service: "events", target: "AWSEvents.ListEventBuses" },
  { service: "events", target: "AWSEvents.ListRules" },
  { service: "scheduler", path: "/schedules" },
  { service: "dynamodb", target: "DynamoDB_20120810.ListTables" },
  { service: "kinesis", target: "Kinesis_20131202.ListStreams" },
];

/** The ARNs, URLs and names in an answer, whatever its format. */
const names =
  /arn:aws:[^"<\s]+|https?:[^"<\s]+\/\d{12}\/[^"<\s]+|(?<=<Name>)[^<]+|(?<="(Table|Stream)Names": ?\[)[^\]]+/g;

/** The ARNs, URLs and names of everything the AWS emulator holds that a stack could have made. */
export async function emulated(): Promise<readonly string[]> {
  const answers = await Promise.all(lists.map(ask));
  return answers.flatMap((answer) => answer.match(names) ?? []).sort();
}

/** What the AWS emulator tells of everything, by service: settings, tags, permissions and logs. */
export async function told(): Promise<readonly (readonly [where: string, text: string])[]> {
  const groups = await ask({ service: "logs", target: "Logs_20140328.DescribeLogGroups" });
  const events = (JSON.parse(groups) as LogGroups).logGroups.map(
    ({ logGroupName }): Request => ({
      service: "logs",
      target: "Logs_20140328.FilterLogEvents",
      body: JSON.stringify({ logGroupName }),
    }),
  );
  const requests: readonly Request[] = [
    ...lists,
    { service: "iam", body: "Action=GetAccountAuthorizationDetails&Version=2010-05-08" },
    { service: "tagging", target: "ResourceGroupsTaggingAPI_20170126.GetResources" },
    ...events,
  ];
  return Promise.all(
    requests.map(async (request) => {
      const { service, target = request.path ?? request.body } = request;
      return [`${service} ${target}`, await ask(request)] as const;
    }),
  );
}

interface LogGroups {
  readonly logGroups: readonly { readonly logGroupName: string }[];
}

interface LogEvents {
  readonly events: readonly { readonly message: string }[];
}

/** The lines that the functions with a text in the names of their log groups have written. */
export async function loggedBy(name: string): Promise<string> {
  const groups = await ask({ service: "logs", target: "Logs_20140328.DescribeLogGroups" });
  const logs = (JSON.parse(groups) as LogGroups).logGroups
    .filter(({ logGroupName }) => logGroupName.includes(name))
    .map(({ logGroupName }) =>
      ask({
        service: "logs",
        target: "Logs_20140328.FilterLogEvents",
        body: JSON.stringify({ logGroupName }),
      }),
    );
  const answers = (await Promise.all(logs)).map((answer) => JSON.parse(answer) as LogEvents);
  return answers.flatMap(({ events }) => events.map(({ message }) => message)).join("\n");
}

/** Sends a message to a queue. */
export async function sendMessage(queueUrl: string, body: unknown): Promise<void> {
  await sendText(queueUrl, JSON.stringify(body));
}

/** Sends a text to a queue, which need not be JSON. */
export async function sendText(queueUrl: string, text: string): Promise<void> {
  const message = JSON.stringify({ QueueUrl: queueUrl, MessageBody: text });
  await ask({ service: "sqs", target: "AmazonSQS.SendMessage", body: message });
}

/** An order in the archive. */
export interface Archived {
  readonly content: string;
  /** The HMAC of its content that is kept with it. */
  readonly seal: string | null;
}

/** Every object in the archive. */
export async function archived(bucket: string): Promise<readonly Archived[]> {
  const keys: string[] = [];
  for (let next: string | undefined = ""; next !== undefined; ) {
    const start: string = next === "" ? "" : `&continuation-token=${encodeURIComponent(next)}`;
    const list = await ask({ service: "s3", path: `/${bucket}?list-type=2${start}` });
    keys.push(...(list.match(/(?<=<Key>)[^<]+/g) ?? []));
    next = list.match(/(?<=<NextContinuationToken>)[^<]+/)?.[0];
  }
  return Promise.all(
    keys.map(async (key) => {
      const answer = await send({ service: "s3", path: `/${bucket}/${key}` });
      return {
        content: await answer.text(),
        seal: answer.headers.get("x-amz-meta-hmac-sha256"),
      };
    }),
  );
}

/** Asks the emulator's ECR. */
export async function askRegistry(
  operation: string,
  input: object,
): Promise<Readonly<Record<string, unknown>>> {
  const target = `AmazonEC2ContainerRegistry_V20150921.${operation}`;
  return JSON.parse(await ask({ service: "ecr", target, body: JSON.stringify(input) }));
}

/**
 * Asks the AWS emulator.
 * @returns its answer, in the format of the service
 */
export async function ask(request: Request): Promise<string> {
  return (await send(request)).text();
}

/** Asks the emulator, which takes the service from the credentials and looks at no signature. */
async function send({ service, target, path, method = "PUT", body }: Request): Promise<Response> {
  const scope = `test/20250101/${process.env["AWS_REGION"]}/${service}/aws4_request`;
  const headers: Record<string, string> = {
    Authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
    "Content-Type": contentType(path, target),
    ...(target !== undefined && { "X-Amz-Target": target }),
  };
  const response = await fetch(
    `${process.env["AWS_ENDPOINT_URL"]}${path ?? "/"}`,
    path === undefined
      ? { method: "POST", body: body ?? "{}", headers }
      : { headers, ...(body !== undefined && { method, body }) },
  );
  if (!response.ok) throw new Error(`${service} answers ${response.status}`);
  return response;
}

/** The format of a request. A form with a path would be taken for one without. */
function contentType(path?: string, target?: string): string {
  if (path !== undefined) return "application/json";
  return target === undefined ? "application/x-www-form-urlencoded" : "application/x-amz-json-1.1";
}
