import { unsettled, whatChanged } from "../../tools/commands/promote";
import type { ExportedStack } from "../../tools/cut-off";
import { imagesOf, promotions, unfit, withImages } from "../../tools/promotion";

const digest = (character: string) => `sha256:${character.repeat(64)}`;
const repository = "111111111111.dkr.ecr.eu-central-1.amazonaws.com/web";
const tested = `${repository}@${digest("b")}`;
const running = `${repository}@${digest("a")}`;

const prod = `# Before the first update.
config:
  pulumi:disable-default-providers: [aws, kubernetes]
  groundwork:zones: "3"
  # What staging has tested.
  groundwork:webImage: ${running} # by digest
  groundwork:sealKey:
    secure: v1:AAAA:BBBB
`;

function stack(outputs: Readonly<Record<string, unknown>>, pending = false): ExportedStack {
  const resource = { type: "aws:sqs/queue:Queue", urn: "urn:pulumi:qa::shop::q::orders" };
  return {
    deployment: {
      resources: [{ type: "pulumi:pulumi:Stack", urn: "urn:pulumi:qa::shop::s::shop-qa", outputs }],
      ...(pending && { pending_operations: [{ type: "creating", resource }] }),
    },
  };
}

const promoted = (after: string) => [{ name: "webImage", before: running, after }];

describe("promotion", () => {
  test("takes the outputs that are images and config keys", () => {
    const outputs = {
      webImage: tested,
      // No key of the config, no image, and a secret as it lies in the state.
      otherImage: tested,
      namespace: "shop:latest",
      greeting: { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" },
    };
    expect([...imagesOf(stack(outputs))]).toEqual([["webImage", tested]]);
  });

  test("takes nothing from a stack that has nothing", () => {
    expect([...imagesOf({}), ...imagesOf(stack({}))]).toEqual([]);
  });

  test("says which image replaces which, and none that is there already", () => {
    expect(promotions(prod, new Map([["webImage", tested]]))).toEqual(promoted(tested));
    expect(promotions(prod, new Map([["webImage", running]]))).toEqual([]);
    expect(promotions("config: {}\n", new Map([["webImage", tested]]))).toEqual([
      { name: "webImage", before: undefined, after: tested },
    ]);
  });

  test("changes the image in the file and nothing else", () => {
    expect(withImages(prod, promoted(tested))).toBe(prod.replace(running, tested));
  });

  test("changes an image that stands there without the project's name", () => {
    const short = prod.replace("groundwork:webImage", "webImage");
    expect(withImages(short, promoted(tested))).toBe(short.replace(running, tested));
  });

  test("adds an image where there is none", () => {
    const text = "config:\n  groundwork:zones: 3\n";
    expect(withImages(text, promoted(tested))).toBe(`${text}  groundwork:webImage: ${tested}\n`);
  });

  test("fits by digest everywhere, and by tag where no digest is asked for", () => {
    expect(unfit(promoted(tested), "prod")).toEqual([]);
    expect(unfit(promoted(`${repository}:1.2.3`), "staging")).toEqual([]);
    expect(unfit(promoted("localhost:5000/web:0.1.0"), "dev")).toEqual([]);
  });

  test("fails when production gets a tag", () => {
    expect(unfit(promoted(`${repository}:1.2.3`), "prod")).toEqual([
      `webImage is ${repository}:1.2.3: in production, give an image with its digest ` +
        "(repository@sha256:...), because it runs what was tested, and neither a new build nor a " +
        "tag is sure to be that",
    ]);
  });

  test.each(["localhost:5000/web", "127.0.0.1:5000/web"])(
    "fails when %s leaves the machine",
    (name) => {
      const image = `${name}@${digest("b")}`;
      expect(unfit(promoted(image), "staging")).toEqual([
        `webImage is ${image}: that registry is on this machine alone`,
      ]);
    },
  );

  test("fails when there is no stack, or nothing in it to promote", () => {
    expect(unsettled("qa", undefined, undefined)).toEqual(["there is no stack qa"]);
    expect(unsettled("qa", stack({ url: "http://web" }), "succeeded")).toEqual([
      "qa has no output that is an image and a config key: bring it up first",
    ]);
  });

  test("fails when the last update was cut off, or has failed", () => {
    expect(unsettled("qa", stack({ webImage: tested }, true), "succeeded")).toEqual([
      "the last update of qa was cut off in the middle of: creating aws:sqs/queue:Queue::orders",
    ]);
    expect(unsettled("qa", stack({ webImage: tested }), "failed")).toEqual([
      "the last update of qa is failed: promote what one that succeeded has left",
    ]);
    expect(unsettled("qa", stack({ webImage: tested }), "succeeded")).toEqual([]);
  });

  test("tells which image replaces which, and what comes next", () => {
    expect(whatChanged(promoted(tested), "staging", "prod", "Pulumi.prod.yaml")).toBe(
      [
        "webImage in Pulumi.prod.yaml:",
        `  - ${running}`,
        `  + ${tested}`,
        "Next: make preview STACK=prod, commit Pulumi.prod.yaml, and have it reviewed.",
      ].join("\n"),
    );
    expect(whatChanged([], "staging", "prod", "Pulumi.prod.yaml")).toBe(
      "Pulumi.prod.yaml has the images of staging already.",
    );
  });
});
