import * as pulumi from "@pulumi/pulumi";
import { LambdaFunction } from "../../../components/lambda/lambda-function";
import type { LambdaFunctionArgs } from "../../../components/lambda/lambda-function-args";
import { ContainerImage } from "../../../components/registry/container-image";
import { record } from "../../../components/testing";
import { makeFolder } from "../../support/folders";
import { laterFailure, refusal, refusalOf, unusable } from "../../support/refusals";

const type = "groundwork:lambda:LambdaFunction";
const repository = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/ship";
const image = `${repository}@sha256:${"0".repeat(64)}`;
const wanted =
  "give an image in Amazon ECR with its digest, like 123456789012.dkr.ecr.eu-central-1.amazonaws.com/ship@sha256:...";

const inputsOf = async (args: () => LambdaFunctionArgs) => {
  const recording = await record(() => void new LambdaFunction("ship", args()));
  return recording.one("aws:lambda/function:Function", "ship").inputs;
};

describe("a function that is an image", () => {
  test("default runs what the image says", async () => {
    expect(await inputsOf(() => ({ image }))).toEqual({
      packageType: "Image",
      imageUri: image,
      architectures: ["arm64"],
      memorySize: 256,
      timeout: 30,
      ephemeralStorage: { size: 512 },
      role: "arn:aws:iam::123456789012:role/ship-role-1234567",
      loggingConfig: {
        logFormat: "JSON",
        applicationLogLevel: "INFO",
        systemLogLevel: "INFO",
        logGroup: "ship-logs-1234567",
      },
      tracingConfig: { mode: "PassThrough" },
      publish: true,
    });
  });

  test("custom takes a ContainerImage, and runs something else of it", async () => {
    const inputs = await inputsOf(() => ({
      image: new ContainerImage("ship", { reference: image }),
      command: ["app.handler"],
      entryPoint: ["/lambda-entrypoint.sh"],
    }));
    expect(inputs).toMatchObject({
      imageUri: image,
      imageConfig: { commands: ["app.handler"], entryPoints: ["/lambda-entrypoint.sh"] },
    });
  });

  test("fails when it is a package too", async () => {
    const both = {
      image,
      code: makeFolder({ "handler.py": "" }),
      handler: "handler.handler",
      runtime: "python3.13",
      snapStart: true,
    };
    // @ts-expect-error an image has none of these
    const args: LambdaFunctionArgs = both;
    expect(await refusal(() => new LambdaFunction("ship", args))).toEqual(
      refusalOf(
        type,
        "ship",
        "image and code are both given: leave one of them out",
        "image and handler are both given: leave one of them out",
        "image and runtime are both given: leave one of them out",
        "image and snapStart are both given: leave one of them out",
      ),
    );
  });

  test.each([`${repository}:1.0`, "ghcr.io/ship@sha256:0", ""])(
    "fails when it is not an image in ECR by digest: %s",
    async (given) => {
      expect(await refusal(() => new LambdaFunction("ship", { image: given }))).toEqual(
        refusalOf(type, "ship", `image is "${given}": ${wanted}`),
      );
    },
  );

  test("rejects later an image that turns out to be known by a tag", async () => {
    const message = await laterFailure(
      () => new LambdaFunction("ship", { image: pulumi.output(`${repository}:1.0`) }),
    );
    expect(message).toBe(unusable(type, "ship", `image is "${repository}:1.0": ${wanted}`));
  });
});
