import { Queue } from "@pulumi/aws/sqs";
import * as pulumi from "@pulumi/pulumi";
import { findSecrets, record } from "../../../components/testing";
import { canary } from "../../support/canary";

const queue = "aws:sqs/queue:Queue orders";

/** A secret with something in it that every encoding changes. */
const awkward = 'canary "?&/ä\\ of 40 things';

/** Where the canary is found when a queue has it among its tags. */
async function inTag(value: pulumi.Input<string>, secret = canary) {
  const recording = await record(() => {
    new Queue("orders", { tags: { owner: value } });
  });
  return findSecrets(recording, secret);
}

describe("findSecrets", () => {
  test("finds nothing where nothing is", async () => {
    expect(await inTag("somebody")).toEqual({ leaked: [], encrypted: [] });
  });

  test("tells what everybody may read from what is encrypted", async () => {
    const recording = await record(() => {
      new Queue("orders", {
        policy: pulumi.secret(`{"key":"${canary}"}`),
        tags: { open: canary, hidden: pulumi.secret(canary), made: pulumi.concat("a ", canary) },
      });
    });
    expect(findSecrets(recording, canary)).toEqual({
      leaked: [`${queue}: inputs.tags.made`, `${queue}: inputs.tags.open`],
      encrypted: [`${queue}: inputs.policy`, `${queue}: inputs.tags.hidden`],
    });
  });

  test("finds it in names, in URNs and in the names of properties, and does not repeat it", async () => {
    const recording = await record(() => {
      new Queue(`${canary}-queue`);
      new Queue("orders", { tags: { [canary]: "yes" } });
    });
    const { leaked } = findSecrets(recording, canary);
    expect(leaked).toEqual([
      "aws:sqs/queue:Queue [secret]-queue: urn",
      `${queue}: inputs.tags (name)`,
    ]);
  });

  test("finds it in texts within assets", async () => {
    class File extends pulumi.CustomResource {
      constructor(name: string, inputs: pulumi.Inputs) {
        super("test:index:File", name, inputs);
      }
    }
    const recording = await record(() => {
      const asset = new pulumi.asset.StringAsset(`key=${canary}`);
      new File("orders", {
        content: new pulumi.asset.AssetArchive({ "a.txt": asset }),
      });
    });
    expect(findSecrets(recording, canary).leaked).toEqual([
      'test:index:File orders: inputs.content.assets["a.txt"].text',
    ]);
  });

  test("finds it in what components and the stack give out, and in messages", async () => {
    class Shop extends pulumi.ComponentResource {
      constructor() {
        super("test:index:Shop", "books");
        this.registerOutputs({ open: [canary], hidden: pulumi.secret(canary) });
      }
    }
    const recording = await record(async () => {
      new Shop();
      await pulumi.log.warn(`the key is ${canary}`);
      return { url: `https://x/?key=${canary}`, key: pulumi.secret(canary) };
    });
    expect(findSecrets(recording, canary)).toEqual({
      leaked: ["message: warn", "stack: outputs.url", "test:index:Shop books: outputs.open[0]"],
      encrypted: ["stack: outputs.key", "test:index:Shop books: outputs.hidden"],
    });
  });

  test.each<[how: string, (text: string) => string]>([
    ["", (text) => text],
    [" (JSON-escaped)", (text) => JSON.stringify({ key: text })],
    [" (JSON-escaped)", (text) => JSON.stringify({ policy: JSON.stringify({ key: text }) })],
    [" (URL-encoded)", (text) => `https://x/?key=${encodeURIComponent(text)}`],
    [" (URL-encoded)", (text) => encodeURI(`https://x/${text}`)],
    [" (URL-encoded)", (text) => new URLSearchParams({ key: text }).toString()],
    [" (base64)", (text) => Buffer.from(text).toString("base64")],
    [" (base64)", (text) => Buffer.from(`u:${text}`).toString("base64")],
    [" (base64)", (text) => Buffer.from(`user:${text}:more`).toString("base64url")],
    [" (base64)", (text) => Buffer.from(`a:${text}`).toString("base64").replace(/.{16}/g, "$&\n")],
  ])("finds it%s", async (how, disguise) => {
    expect(await inTag(disguise(awkward), awkward)).toEqual({
      leaked: [`${queue}: inputs.tags.owner${how}`],
      encrypted: [],
    });
    expect((await inTag(pulumi.secret(disguise(awkward)), awkward)).encrypted).toEqual([
      `${queue}: inputs.tags.owner${how}`,
    ]);
  });

  test("finds it in parts that follow each other, and not when one of them is encrypted", async () => {
    const halves = [canary.slice(0, 10), canary.slice(10)] as const;
    const found = async (a: pulumi.Input<string>, b: pulumi.Input<string>) =>
      findSecrets(
        await record(() => {
          new Queue("orders", { tags: { a, b } });
        }),
        canary,
      );
    expect(await found(...halves)).toEqual({
      leaked: [`${queue}: inputs (in parts)`],
      encrypted: [],
    });
    expect(await found(halves[0], pulumi.secret(halves[1]))).toEqual({
      leaked: [],
      encrypted: [],
    });
  });

  test("finds each of several", async () => {
    const recording = await record(() => {
      new Queue("orders", { policy: "the first secret", name: pulumi.secret("the other secret") });
    });
    expect(findSecrets(recording, "the first secret", "the other secret")).toEqual({
      leaked: [`${queue}: inputs.policy`],
      encrypted: [`${queue}: inputs.name`],
    });
  });

  test("looks through errors, with what they hold and what they come from", () => {
    const places = (error: Error) => findSecrets(error, canary).leaked;
    expect(places(new Error("nothing"))).toEqual([]);
    expect(places(new Error(`not ${canary}`))).toEqual(["error: message"]);
    expect(places(Object.assign(new Error("no"), { problems: [canary] }))).toEqual([
      "error: properties",
    ]);
    expect(places(new Error("no", { cause: new Error(canary) }))).toEqual(["error: cause"]);
  });

  test("fails for a text so short that it stands everywhere", () => {
    expect(() => findSecrets(new Error(), "long enough", "short")).toThrow(
      new Error("A secret to look for has less than 8 characters: give a longer one."),
    );
  });
});
