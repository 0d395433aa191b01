import * as pulumi from "@pulumi/pulumi";
import { LambdaFunction } from "../../../components/lambda/lambda-function";
import { Layer, type LayerArgs } from "../../../components/lambda/layer";
import { record } from "../../../components/testing";
import { makeFolder } from "../../support/folders";
import { laterFailure, refusal, refusalOf, unusable } from "../../support/refusals";
import { contentOf } from "../../support/zips";

const type = "groundwork:lambda:Layer";
const layerVersion = "aws:lambda/layerVersion:LayerVersion";
const code = makeFolder({ "bin/tool": "echo\n" });
const required = { code, runtime: "python3.13" };

const recordTools = (args: Partial<LayerArgs> = {}) =>
  record(() => {
    const tools = new Layer("tools", { ...required, ...args });
    return { arn: tools.arn, bytes: tools.unzippedBytes };
  });

describe("Layer", () => {
  test("default is a version for one runtime and arm64", async () => {
    const recording = await recordTools();
    expect(recording.resources).toHaveLength(2);
    expect(recording.childrenOf(type, "tools")).toEqual([`${layerVersion} tools`]);
    const { code: archive, ...inputs } = recording.one(layerVersion, "tools").inputs;
    expect(inputs).toEqual({
      layerName: "groundwork-test-tools",
      compatibleRuntimes: ["python3.13"],
      compatibleArchitectures: ["arm64"],
    });
    expect(await contentOf(archive as pulumi.asset.Archive)).toEqual({ "bin/tool": "echo\n" });
    expect(recording.outputs).toEqual({
      arn: "arn:aws:lambda:eu-central-1:123456789012:layer:groundwork-test-tools:1",
      bytes: 5,
    });
  });

  test("custom is code that lies where the runtime looks for it", async () => {
    const recording = await recordTools({
      code: {
        subject: "the code",
        language: "python",
        environment: {},
        files: ({ architecture }) => [
          { path: architecture, executable: false, size: 1, read: () => Buffer.from("1") },
        ],
      },
      architecture: "x86_64",
      description: "What all need",
    });
    const { code: archive, ...inputs } = recording.one(layerVersion, "tools").inputs;
    expect(inputs).toEqual({
      layerName: "groundwork-test-tools",
      description: "What all need",
      compatibleRuntimes: ["python3.13"],
      compatibleArchitectures: ["x86_64"],
    });
    expect(await contentOf(archive as pulumi.asset.Archive)).toEqual({ "python/x86_64": "1" });
  });

  test("custom of a ready-made archive does not know its size", async () => {
    const recording = await recordTools({ code: new pulumi.asset.FileArchive("tools.zip") });
    expect(Object.keys(recording.outputs)).toEqual(["arn"]);
  });

  test("fails with everything that is wrong", async () => {
    const args = {
      code: "no/folder",
      runtime: "Python 3",
      architecture: "arm" as "arm64",
    };
    expect(await refusal(() => void new Layer("tools", args))).toEqual(
      refusalOf(
        type,
        "tools",
        'runtime is "Python 3": did you mean python3.13?',
        'architecture is "arm": give one of arm64, x86_64',
        "code: no/folder is no folder. Give its path from where the program runs.",
      ),
    );
  });

  test("fails when its name in AWS is longer than AWS takes", async () => {
    const name = "t".repeat(50);
    const project = "p".repeat(40);
    expect(await refusal(() => void new Layer(name, required), { project })).toEqual(
      refusalOf(
        type,
        name,
        `the layer is called ${project}-test-${name} in AWS, 96 characters: give it a name that makes it 80 at most`,
      ),
    );
  });
});

describe("layers of a function", () => {
  const functionArgs = { code, handler: "handler.handler", runtime: "python3.13" };
  const arn = "arn:aws:lambda:eu-central-1:123456789012:layer:theirs:7";
  const layersOf = async (layers: () => readonly (Layer | pulumi.Input<string>)[]) => {
    const recording = await record(
      () => void new LambdaFunction("archive", { ...functionArgs, layers: layers() }),
    );
    return recording.one("aws:lambda/function:Function", "archive").inputs["layers"];
  };

  test("are taken in their order, as layers and as ARNs", async () => {
    expect(await layersOf(() => [arn, new Layer("tools", required), pulumi.output(arn)])).toEqual([
      arn,
      "arn:aws:lambda:eu-central-1:123456789012:layer:groundwork-test-tools:1",
      arn,
    ]);
    expect(await layersOf(() => [])).toBeUndefined();
  });

  const withLayers = (...layers: readonly (Layer | pulumi.Input<string>)[]) =>
    new LambdaFunction("archive", { ...functionArgs, layers });

  /** A layer that claims to be so large; its content does not count here. */
  function large(name: string, mebibytes: number): Layer {
    const layer = new Layer(name, required);
    Object.assign(layer, { unzippedBytes: mebibytes * 1024 ** 2 });
    return layer;
  }

  test("fail when they are for another runtime or processor than the function's", async () => {
    const failure = record(() => {
      withLayers(
        new Layer("old", { ...required, runtime: "python3.12" }),
        new Layer("other", { ...required, architecture: "x86_64" }),
      );
    });
    await expect(failure).rejects.toThrow(
      new Error(
        unusable(
          "groundwork:lambda:LambdaFunction",
          "archive",
          "layers has one for the runtime python3.12, and the function's is python3.13: give one for that",
          "layers has one for the architecture x86_64, and the function's is arm64: give one for that",
        ),
      ),
    );
  });

  test("fail when they are more than five, or no layers", async () => {
    expect(await refusal(() => void withLayers(...Array(5).fill(arn), "theirs"))).toEqual(
      refusalOf(
        "groundwork:lambda:LambdaFunction",
        "archive",
        "layers are 6: Lambda takes at most 5, so put some into one",
        'layers[5] is "theirs": give a Layer, or the ARN of a layer\'s version, like arn:aws:lambda:eu-central-1:123456789012:layer:tools:3',
      ),
    );
  });

  test("fail later when what is known only later is no layer", async () => {
    expect(await laterFailure(() => void withLayers(pulumi.output("theirs")))).toMatch(
      /layers\[0\] is "theirs": give a Layer/,
    );
  });

  test("fail when they and the code are more than Lambda unzips", async () => {
    expect(await layersOf(() => [large("a", 125), large("b", 124)])).toHaveLength(2);
    const { message } = await refusal(() => void withLayers(large("a", 125), large("b", 125)));
    expect(message).toBe(
      unusable(
        "groundwork:lambda:LambdaFunction",
        "archive",
        "code and layers together are 250.0 MiB unzipped, the code 0.0 MiB of it: Lambda takes at most 250.0 MiB",
      ),
    );
  });
});
