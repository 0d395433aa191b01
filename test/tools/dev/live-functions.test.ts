import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { LiveFunctions } from "../../../tools/dev/live-functions";
import { makeFolder } from "../../support/folders";

const arn = "arn:aws:lambda:eu-west-1:1:function:hook-1";

/** Puts a package live at an AWS that publishes version 8, and gives what it was asked. */
async function put(aliases: readonly string[]) {
  const asked: object[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method, url = "" } = request;
    const body = JSON.parse(Buffer.concat(chunks).toString());
    asked.push({ method, path: decodeURIComponent(url.split("?")[0] ?? ""), body });
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ Version: "8" }));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const before = { ...process.env };
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
  });
  try {
    const functions = await LiveFunctions.at("eu-west-1");
    const path = join(makeFolder({ "code.zip": "zip" }), "code.zip");
    return { version: await functions.put({ label: "hook", arn, aliases }, path), asked };
  } finally {
    process.env = before;
    server.closeAllConnections();
    server.close();
  }
}

const update = {
  method: "PUT",
  path: `/2015-03-31/functions/${arn}/code`,
  body: { ZipFile: Buffer.from("zip").toString("base64"), Publish: true },
};

test("code is published, and every alias that follows the function is moved", async () => {
  expect(await put(["live"])).toEqual({
    version: "8",
    asked: [
      update,
      {
        method: "PUT",
        path: `/2015-03-31/functions/${arn}/aliases/live`,
        body: { FunctionVersion: "8" },
      },
    ],
  });
});

test("where a version is held, no version is published and no alias is moved", async () => {
  expect(await put([])).toEqual({
    version: undefined,
    asked: [{ ...update, body: { ...update.body, Publish: false } }],
  });
});
