import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Queue } from "@pulumi/aws/sqs";
import * as pulumi from "@pulumi/pulumi";
import { checkUrns, record } from "../../../components/testing";
import { makeFolder } from "../../support/folders";
import { withoutVariables } from "../../support/variables";

withoutVariables("CI", "URN_BASELINE");

const urn = "urn:pulumi:test::groundwork::";
const shop = "test:index:Shop";
const queue = "aws:sqs/queue:Queue";

/** A component with two queues in it. */
class Shop extends pulumi.ComponentResource {
  constructor(name: string, opts?: pulumi.ComponentResourceOptions, type = shop) {
    super(type, name, {}, opts);
    new Queue(`${name}-queue`, {}, { parent: this });
    new Queue(`${name}-letters`, {}, { parent: this });
  }
}

const books = () => new Shop("books");
const orders = () => new Queue("orders");
const ofBooks = [
  `${urn}${shop}$${queue}::books-letters`,
  `${urn}${shop}$${queue}::books-queue`,
  `${urn}${shop}::books`,
];

/** A file with these URNs. */
const fileOf = (...urns: readonly string[]) =>
  join(makeFolder({ "urns.txt": `# deployed\n${urns.join("\n")}\n` }), "urns.txt");

/** What is said of a program whose resources have these URNs deployed. */
async function complaint(file: string, program: () => unknown): Promise<string | undefined> {
  const recording = await record(() => void program());
  try {
    checkUrns(recording, file);
    return undefined;
  } catch (error) {
    return (error as Error).message.replaceAll(file, "FILE");
  }
}

/** What is said of resources that are gone. */
const gone = (...lines: readonly string[]) =>
  [
    "URNs of FILE are gone: an update would delete the resources, with what they hold:",
    ...lines,
    "If they are to go, or no stack has them any more: run again with URN_BASELINE=rewrite",
  ].join("\n");

describe("checkUrns", () => {
  test("passes when every URN is still there, in any order", async () => {
    expect(await complaint(fileOf(...ofBooks), books)).toBeUndefined();
  });

  test.each<[what: string, deployed: string, program: () => unknown, now: string, alias: string]>([
    [
      "renamed",
      `${urn}${queue}::orders`,
      () => new Queue("orders-new"),
      `${urn}${queue}::orders-new`,
      '{ name: "orders" }',
    ],
    [
      "of another type",
      `${urn}aws:sqs/oldQueue:OldQueue::orders`,
      orders,
      `${urn}${queue}::orders`,
      '{ type: "aws:sqs/oldQueue:OldQueue" }',
    ],
    [
      "moved into a parent",
      `${urn}${queue}::books-queue`,
      books,
      `${urn}${shop}$${queue}::books-queue`,
      "{ parent: pulumi.rootStackResource }",
    ],
    [
      "moved out of a parent, and renamed",
      `${urn}${shop}$${queue}::orders-old`,
      orders,
      `${urn}${queue}::orders`,
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what to write
      "`urn:pulumi:${pulumi.getStack()}::${pulumi.getProject()}::test:index:Shop$aws:sqs/queue:Queue::orders-old`",
    ],
  ])(
    "fails when one is %s, with the alias to give it",
    async (_, deployed, program, now, alias) => {
      expect(await complaint(fileOf(deployed), program)).toContain(
        gone(
          `  - ${deployed}`,
          `    New, and nearest to it, is ${now}`,
          `    If that is the same resource, give it the option aliases: [${alias}]`,
        ),
      );
    },
  );

  test("tells of a renamed component once, and its children with it", async () => {
    const lines = gone(
      `  - ${urn}${shop}::books`,
      `    New, and nearest to it, is ${urn}${shop}::papers`,
      '    If that is the same resource, give it the option aliases: [{ name: "books" }]',
      "    That keeps 2 below it as well.",
    );
    expect(await complaint(fileOf(...ofBooks), () => new Shop("papers"))).toBe(lines);
  });

  test.each<[string, () => unknown]>([
    ["a name", () => new Shop("papers", { aliases: [{ name: "books" }] })],
    ["a type", () => new Shop("books", { aliases: [{ type: shop }] }, "test:other:Store")],
    ["a URN", () => new Shop("papers", { aliases: [`${urn}${shop}::books`] })],
  ])("passes with an alias by %s, which holds for the children too", async (_, program) => {
    expect(await complaint(fileOf(...ofBooks), program)).toBeUndefined();
  });

  test("passes with an alias by another parent, which holds for the children too", async () => {
    const mall = `${urn}test:index:Mall::mall`;
    const message = await complaint(fileOf(mall, ...ofBooks), () => {
      const parent = new pulumi.ComponentResource("test:index:Mall", "mall");
      new Shop("books", { parent, aliases: [{ parent: pulumi.rootStackResource }] });
    });
    expect(message).toBeUndefined();
  });

  test("finds the nearest of several, which is not one that has an alias of its own", async () => {
    const deployed = [`${urn}${queue}::orders`, `${urn}${queue}::late`];
    const message = await complaint(fileOf(...deployed), () => {
      new Queue("orders-1", {}, { aliases: [{ name: "late" }] });
      new Queue("orders-22");
      new Queue("elsewhere");
    });
    expect(message).toContain(
      `  - ${deployed[0]}\n    New, and nearest to it, is ${urn}${queue}::orders-22\n`,
    );
  });

  test("says so when nothing new is like it", async () => {
    const deployed = `${urn}aws:s3/bucket:Bucket::orders`;
    expect(await complaint(fileOf(deployed), orders)).toContain(
      gone(`  - ${deployed}`, "    Nothing new is like it."),
    );
  });

  test("fails when new resources are not in the file, which would not be guarded", async () => {
    const message = await complaint(fileOf(`${urn}${queue}::orders`), () => [orders(), books()]);
    const lines = [ofBooks[2], ofBooks[1], ofBooks[0]].map((each) => `\n  - ${each}`);
    expect(message).toBe(
      `FILE lacks new resources, so that nobody would notice when they lose their URN:${lines.join("")}\n` +
        "Add them: run again with URN_BASELINE=add",
    );
  });

  test("leaves out what is only read", async () => {
    const program = () => [orders(), Queue.get("theirs", "https://theirs")];
    expect(await complaint(fileOf(`${urn}${queue}::orders`), program)).toBeUndefined();
  });

  describe("the file", () => {
    const contentOf = (file: string) =>
      readFileSync(file, "utf8")
        .split("\n")
        .filter((line) => !line.startsWith("#"));

    test("is never written unasked, and fails with how to when it is missing", async () => {
      const file = join(makeFolder(), "urns.txt");
      expect(await complaint(file, books)).toBe(
        "FILE does not exist. Write it with the URNs of now: run again with URN_BASELINE=add",
      );
      expect(existsSync(file)).toBe(false);
    });

    test("is made by add, sorted and with its folder", async () => {
      process.env["URN_BASELINE"] = "add";
      const file = join(makeFolder(), "test", "urns.txt");
      expect(await complaint(file, books)).toBeUndefined();
      expect(contentOf(file)).toEqual([...ofBooks, ""]);
    });

    test("is not touched by add when something is gone, which fails all the same", async () => {
      process.env["URN_BASELINE"] = "add";
      const bucket = `${urn}aws:s3/bucket:Bucket::archive`;
      const file = fileOf(bucket);
      expect(await complaint(file, books)).toBe(
        gone(`  - ${bucket}`, "    Nothing new is like it."),
      );
      expect(contentOf(file)).toEqual([bucket, ""]);
    });

    test.each(["add", "rewrite"])("keeps by %s what an alias leads from", async (mode) => {
      process.env["URN_BASELINE"] = mode;
      const file = fileOf(`${urn}${queue}::late`);
      const program = () => new Queue("orders", {}, { aliases: [{ name: "late" }] });
      expect(await complaint(file, program)).toBeUndefined();
      expect(contentOf(file)).toEqual([`${urn}${queue}::late`, `${urn}${queue}::orders`, ""]);
    });

    test("loses by rewrite what is gone", async () => {
      process.env["URN_BASELINE"] = "rewrite";
      const file = fileOf(`${urn}aws:s3/bucket:Bucket::archive`);
      expect(await complaint(file, books)).toBeUndefined();
      expect(contentOf(file)).toEqual([...ofBooks, ""]);
    });

    test("is not written in CI", async () => {
      Object.assign(process.env, { URN_BASELINE: "add", CI: "true" });
      const file = fileOf(...ofBooks);
      expect(await complaint(file, orders)).toBe(
        "FILE is not written in CI: run with URN_BASELINE=add where you commit",
      );
      expect(contentOf(file)).toEqual([...ofBooks, ""]);
    });

    test("fails for a word that is neither", async () => {
      process.env["URN_BASELINE"] = "1";
      expect(await complaint(fileOf(), books)).toBe('URN_BASELINE is "1": give add or rewrite');
    });
  });
});
