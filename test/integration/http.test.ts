import { setTimeout as pause } from "node:timers/promises";
import { ringing } from "./events";
import { ask, loggedBy, sendMessage } from "./platform";
import { type Copy, copyProgram, removeCopy } from "./program";

// The local AWS seen from outside: a person opens the URLs that the stack outputs.
jest.setTimeout(5 * 60_000);

let copy: Copy;
let to: Readonly<Record<"url" | "report" | "queueUrl" | "tableName" | "logGroup", string>>;

beforeAll(async () => {
  copy = await copyProgram("test/integration/http-program.ts");
  const { outputs } = await copy.stack.up({ parallel: 64 });
  const values = Object.entries(outputs).map(([name, { value }]) => [name, value]);
  to = Object.fromEntries(values) as typeof to;
});

afterAll(async () => {
  await copy.stack.destroy({ parallel: 64 });
  removeCopy();
});

async function token(claims: Readonly<Record<string, string>>): Promise<string> {
  const { origin } = new URL(to.url);
  const body = new URLSearchParams({ iss: "https://login.example.com/", aud: "shop", ...claims });
  const answer = await fetch(`${origin}/_issuer/token`, { method: "POST", body });
  return `Bearer ${((await answer.json()) as { access_token: string }).access_token}`;
}

async function get(path: string, authorization?: string): Promise<[number, string]> {
  const headers = new Headers(authorization === undefined ? {} : { Authorization: authorization });
  const answer = await fetch(`${to.url}${path}`, { headers });
  return [answer.status, await answer.text()];
}

/** Waits until what is looked at is as wanted. */
async function until(look: () => Promise<unknown>, wanted: unknown): Promise<void> {
  const end = Date.now() + 90_000;
  while ((await look()) !== wanted && Date.now() < end) await pause(500);
  expect(await look()).toBe(wanted);
}

const logs = (text: string) => async () => (await loggedBy(to.logGroup)).includes(text);

test("up again changes nothing", async () => {
  const { summary } = await copy.stack.up({ parallel: 64 });
  const { same: _, ...changes } = summary.resourceChanges ?? {};
  expect(changes).toEqual({});
});

test("an open route answers everybody", async () => {
  const [status, body] = await get("/open/a/b?q=1&q=2");
  expect(status).toBe(200);
  expect(JSON.parse(body)).toMatchObject({
    version: "2.0",
    routeKey: "ANY /open/{rest+}",
    rawPath: "/open/a/b",
    queryStringParameters: { q: "1,2" },
    pathParameters: { rest: "a/b" },
    requestContext: { stage: "$default", http: { method: "GET" } },
  });
});

test("a closed route wants a token, and its scope", async () => {
  expect(await get("/orders/7")).toEqual([401, '{"message":"Unauthorized"}']);
  expect(await get("/orders/7", await token({ aud: "other" }))).toEqual([
    401,
    '{"message":"Unauthorized"}',
  ]);
  const [status, body] = await get("/orders/7", await token({ sub: "me" }));
  expect(status).toBe(200);
  expect(JSON.parse(body).requestContext.authorizer.jwt.claims.sub).toBe("me");
  expect(await get("/admin", await token({ scope: "read" }))).toEqual([
    403,
    '{"message":"Forbidden"}',
  ]);
  expect((await get("/admin", await token({ scope: "admin" })))[0]).toBe(200);
});

test("what has no route is not found, and what fails is an error", async () => {
  expect(await get("/nothing")).toEqual([404, '{"message":"Not Found"}']);
  expect(await get("/open/poison")).toEqual([500, '{"message":"Internal Server Error"}']);
});

test("a browser's question is answered", async () => {
  const answer = await fetch(`${to.url}/orders/7`, {
    method: "OPTIONS",
    headers: { Origin: "https://shop.example.com", "Access-Control-Request-Method": "GET" },
  });
  expect(answer.status).toBe(204);
  expect(answer.headers.get("access-control-allow-origin")).toBe("https://shop.example.com");
});

test("a function URL takes signed requests", async () => {
  expect((await fetch(to.report)).status).toBe(403);
  const Authorization =
    "AWS4-HMAC-SHA256 Credential=dev/20250101/eu-central-1/lambda/aws4_request, Signature=0";
  const answer = await fetch(`${to.report}today`, { headers: { Authorization } });
  expect(await answer.json()).toMatchObject({ rawPath: "/today", routeKey: "$default" });
});

test("a schedule runs", async () => {
  await until(logs('seen {"from": "schedule"}'), true);
});

test("a queue's filter and a stream's let through what they name", async () => {
  const put = (id: string, kind: string) =>
    ask({
      service: "dynamodb",
      target: "DynamoDB_20120810.PutItem",
      body: JSON.stringify({
        TableName: to.tableName,
        Item: { id: { S: id }, kind: { S: kind } },
      }),
    });
  await sendMessage(to.queueUrl, { kind: "pen", id: "queue-pen" });
  await sendMessage(to.queueUrl, { kind: "book", id: "queue-book" });
  await put("table-pen", "pen");
  await put("table-book", "book");
  await until(logs("queue-book"), true);
  await until(logs("table-book"), true);
  expect(await loggedBy(to.logGroup)).not.toMatch(/(queue|table)-pen/);
});

test("a poison message ends among the dead letters, and its alarms go off", async () => {
  await sendMessage(to.queueUrl, { kind: "poison" });
  await until(async () => (await ringing()).includes("orders-dead-letters-alarm"), true);
  // The function's own is over a minute after its last error.
  await until(async () => (await ringing()).includes("called-errors-alarm"), false);
  expect(await ringing()).toContain("orders-dead-letters-alarm");
});
