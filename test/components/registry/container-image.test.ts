import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { hashBuildContext } from "../../../components/registry/build-context";
import { ContainerImage } from "../../../components/registry/container-image";
import type { ContainerImageArgs } from "../../../components/registry/container-image-args";
import { findSecrets, record } from "../../../components/testing";
import { canary, canaryInputs } from "../../support/canary";
import { makeFolder } from "../../support/folders";
import { laterFailure, refusal, refusalOf, unusable } from "../../support/refusals";

const type = "groundwork:registry:ContainerImage";
const image = "docker:index/image:Image";
const buildKitImage = "docker-build:index:Image";
const digest = `sha256:${"0123456789abcdef".repeat(4)}`;
const files = { Dockerfile: "FROM scratch\n", "app.py": "print()\n" };

const settings = {
  dockerfile: "Dockerfile",
  target: undefined,
  platforms: ["linux/amd64"],
  buildKit: false,
  secretNames: [],
  buildArgs: {},
};

const outputsOf = ({ ref, digest, tag }: ContainerImage) => ({ ref, digest, tag });

/** The name under which a folder's image is pushed. */
async function imageName(context: string): Promise<unknown> {
  const recording = await record(() => {
    new ContainerImage("web", { context, repositoryUrl: "localhost:5000/web" });
  });
  return recording.one(image, "web").inputs["imageName"];
}

describe("ContainerImage", () => {
  test("default is built from the folder for amd64, tagged by what it is built from", async () => {
    const context = makeFolder(files);
    const recording = await record(() =>
      outputsOf(
        new ContainerImage("web", { context, repositoryUrl: pulumi.output("localhost:5000/web") }),
      ),
    );

    const tag = hashBuildContext(context, settings).slice(0, 12);
    expect(recording.resources).toHaveLength(2);
    expect(recording.one(type, "web").inputs).toEqual({});
    expect(recording.childrenOf(type, "web")).toEqual([`${image} web`]);
    expect(recording.one(image, "web").inputs).toEqual({
      imageName: `localhost:5000/web:${tag}`,
      build: { context, dockerfile: `${context}/Dockerfile`, platform: "linux/amd64" },
      buildOnPreview: false,
      skipPush: false,
    });
    expect(recording.one(image, "web").secretInputs).toEqual([]);
    expect(recording.outputs).toEqual({ ref: `localhost:5000/web@${digest}`, digest, tag });
  });

  test("custom takes a Dockerfile, a stage, a platform, build arguments and credentials", async () => {
    const context = makeFolder({ ...files, "build/web.Dockerfile": "FROM scratch\n" });
    const recording = await record(() => {
      new ContainerImage("web", {
        context,
        dockerfile: "build/web.Dockerfile",
        target: "app",
        platforms: ["linux/arm64"],
        buildArgs: { VERSION: "1" },
        repositoryUrl: "example.com/web",
        credentials: {
          server: pulumi.output("example.com"),
          username: "robot",
          password: pulumi.secret("p4ss"),
        },
      });
    });

    const custom = {
      ...settings,
      dockerfile: "build/web.Dockerfile",
      target: "app",
      platforms: ["linux/arm64"],
      buildArgs: { VERSION: "1" },
    };
    expect(recording.resources).toHaveLength(2);
    expect(recording.one(image, "web").inputs).toEqual({
      imageName: `example.com/web:${hashBuildContext(context, custom).slice(0, 12)}`,
      build: {
        context,
        dockerfile: `${context}/build/web.Dockerfile`,
        target: "app",
        platform: "linux/arm64",
        args: { VERSION: "1" },
      },
      registry: { server: "example.com", username: "robot", password: "p4ss" },
      buildOnPreview: false,
      skipPush: false,
    });
    expect(recording.one(image, "web").secretInputs).toEqual(["registry.password"]);
  });

  test("custom is built by BuildKit for several platforms, with secrets and a shared cache", async () => {
    const context = makeFolder(files);
    const platforms = ["linux/amd64", "linux/arm64"];
    const recording = await record(() =>
      outputsOf(
        new ContainerImage("web", {
          context,
          target: "app",
          platforms,
          buildArgs: { VERSION: "1" },
          secrets: { NPM_TOKEN: "t0ken" },
          cacheFrom: ["example.com/cache:main"],
          cacheTo: pulumi.output("example.com/cache:branch"),
          repositoryUrl: "example.com/web",
          credentials: { server: "example.com", username: "robot", password: "p4ss" },
        }),
      ),
    );

    const buildArgs = { VERSION: "1" };
    const secretNames = ["NPM_TOKEN"];
    const custom = {
      ...settings,
      target: "app",
      platforms,
      buildKit: true,
      secretNames,
      buildArgs,
    };
    const tag = hashBuildContext(context, custom).slice(0, 12);
    expect(recording.childrenOf(type, "web")).toEqual([`${buildKitImage} web`]);
    expect(recording.one(buildKitImage, "web").inputs).toEqual({
      context: { location: context },
      dockerfile: { location: `${context}/Dockerfile` },
      target: "app",
      platforms,
      buildArgs,
      secrets: { NPM_TOKEN: "t0ken" },
      ignoreSecretsInDiffCalculation: ["NPM_TOKEN"],
      cacheFrom: [{ registry: { ref: "example.com/cache:main" } }],
      cacheTo: [
        {
          registry: {
            ref: "example.com/cache:branch",
            mode: "max",
            imageManifest: true,
            ociMediaTypes: true,
          },
        },
      ],
      push: true,
      tags: [`example.com/web:${tag}`],
      buildOnPreview: false,
      network: "default",
      registries: [{ address: "example.com", username: "robot", password: "p4ss" }],
    });
    expect(recording.one(buildKitImage, "web").secretInputs).toEqual([
      "registries[0].password",
      "secrets",
    ]);
    expect(recording.outputs).toEqual({ ref: `example.com/web@${digest}`, digest, tag });
  });

  test.each<[string, Partial<ContainerImageArgs>]>([
    ["several platforms", { platforms: ["linux/amd64", "linux/arm64"] }],
    ["a secret", { secrets: { TOKEN: "t" } }],
    ["a cache to read", { cacheFrom: ["example.com/cache:main"] }],
    ["a cache to write", { cacheTo: "example.com/cache:main" }],
  ])("is built by BuildKit for %s alone, under another tag", async (_, args) => {
    const context = makeFolder(files);
    const recording = await record(() => {
      new ContainerImage("web", { context, repositoryUrl: "example.com/web", ...args });
    });
    expect(recording.childrenOf(type, "web")).toEqual([`${buildKitImage} web`]);
    const { tags } = recording.one(buildKitImage, "web").inputs;
    expect(tags).not.toEqual([
      `example.com/web:${hashBuildContext(context, settings).slice(0, 12)}`,
    ]);
  });

  test("has the same tag for other secrets and another password", async () => {
    const context = makeFolder(files);
    const recording = await record(() => {
      for (const value of ["one", "two"]) {
        new ContainerImage(value, {
          context,
          repositoryUrl: "example.com/web",
          secrets: { TOKEN: value },
          credentials: { server: "example.com", username: "robot", password: value },
        });
      }
    });
    expect(recording.one(buildKitImage, "two").inputs["tags"]).toEqual(
      recording.one(buildKitImage, "one").inputs["tags"],
    );
  });

  test("custom takes an image as it is, by digest, and builds nothing", async () => {
    const reference = `example.com/web@sha256:${"ab".repeat(32)}`;
    const recording = await record(() =>
      outputsOf(new ContainerImage("web", { reference: pulumi.output(reference) })),
    );
    expect(recording.resources.map((each) => each.type)).toEqual([type]);
    expect(recording.outputs).toEqual({
      ref: reference,
      digest: `sha256:${"ab".repeat(32)}`,
      tag: undefined,
    });
  });

  test("custom takes an image as it is, by tag, and knows no digest of it", async () => {
    const recording = await record(() => {
      const { ref, digest, tag } = new ContainerImage("web", {
        reference: "localhost:5000/web:0.1",
      });
      return { ref, tag, digest: digest.apply((known) => typeof known) };
    });
    expect(recording.resources.map((each) => each.type)).toEqual([type]);
    expect(recording.outputs).toEqual({
      ref: "localhost:5000/web:0.1",
      tag: "0.1",
      digest: "undefined",
    });
  });

  test("has another tag when the code changes, and the same one at another place", async () => {
    const context = makeFolder(files);
    const before = await imageName(context);
    expect(await imageName(makeFolder(files))).toBe(before);
    writeFileSync(join(context, "app.py"), "print(1)\n");
    expect(await imageName(context)).not.toBe(before);
  });

  test("has another tag when the Dockerfile changes, though .dockerignore leaves it out", async () => {
    const context = makeFolder({ ...files, ".dockerignore": "*\n!app.py\n" });
    const before = await imageName(context);
    writeFileSync(join(context, "Dockerfile"), "FROM scratch\nUSER 10001\n");
    expect(await imageName(context)).not.toBe(before);
  });

  test("has the same tag for the same build arguments in another order", async () => {
    const context = makeFolder(files);
    const recording = await record(() => {
      const repositoryUrl = "localhost:5000/web";
      new ContainerImage("one", { context, repositoryUrl, buildArgs: { A: "1", B: "2" } });
      new ContainerImage("two", { context, repositoryUrl, buildArgs: { B: "2", A: "1" } });
    });
    expect(recording.one(image, "two").inputs["imageName"]).toBe(
      recording.one(image, "one").inputs["imageName"],
    );
  });

  test.each(canaryInputs)(
    "keeps a password given as %s where the engine encrypts it, and nowhere else",
    async (_, value) => {
      const context = makeFolder(files);
      const recording = await record(() =>
        outputsOf(
          new ContainerImage("web", {
            context,
            repositoryUrl: "example.com/web",
            credentials: { server: "example.com", username: "robot", password: value() },
          }),
        ),
      );
      expect(findSecrets(recording, canary)).toEqual({
        leaked: [],
        encrypted: [`${image} web: inputs.registry.password`],
      });
    },
  );

  test("fails without saying the password", async () => {
    const refused = await refusal(
      () =>
        new ContainerImage("web", {
          context: "/nowhere/web",
          credentials: { server: "example.com", username: "robot", password: canary },
        }),
    );
    expect(refused).toEqual(
      refusalOf(
        type,
        "web",
        "repositoryUrl is missing: say where the image is pushed to",
        "context: /nowhere/web is no folder. Give its path from where the program runs.",
      ),
    );
  });

  test("fails when what decides the tag is not known now, or is no platform", async () => {
    const refused = await refusal(
      () =>
        new ContainerImage("web", {
          context: makeFolder(files),
          repositoryUrl: "example.com/web",
          platforms: ["amd64"],
          buildArgs: { TOKEN: pulumi.secret(canary) as unknown as string },
          cacheTo: "example.com/cache",
        }),
    );
    expect(refused).toEqual(
      refusalOf(
        type,
        "web",
        "buildArgs.TOKEN is no plain text: give one, and what is secret in secrets",
        'platforms[0] is "amd64": give a system and a processor, like linux/arm64',
        'cacheTo is "example.com/cache": give an image with its digest (repository@sha256:...) or a tag other than latest',
      ),
    );
  });

  test("fails for what is of another kind, all at once and without saying a secret", async () => {
    const args = {
      context: pulumi.output("apps/web"),
      dockerfile: 3,
      target: ["build"],
      repositoryUrl: 3,
      platforms: "linux/amd64",
      buildArgs: ["VERSION=1"],
      secrets: { TOKEN: [canary] },
      cacheFrom: "example.com/cache:main",
      credentials: { server: "example.com", user: "robot", password: [canary] },
    } as unknown as ContainerImageArgs;
    expect(await refusal(() => new ContainerImage("web", args))).toEqual(
      refusalOf(
        type,
        "web",
        "context is known only later: give a plain value",
        "dockerfile is 3: give text",
        'target is ["build"]: give text',
        "buildArgs is a list: give an object, with a value for each name",
        "platforms is text: give a list",
        "platforms is empty: give at least one",
        "repositoryUrl is 3: give text",
        "secrets.TOKEN is a list: give text, or leave it out",
        "cacheFrom is text: give a list",
        'there is no argument "credentials.user": did you mean username?',
        "credentials.username is missing: give it",
        "credentials.password is a secret value that does not fit: give text",
      ),
    );
  });

  test("fails when it is built for no platform", async () => {
    const args = { context: makeFolder(files), repositoryUrl: "example.com/web", platforms: [] };
    expect(await refusal(() => new ContainerImage("web", args))).toEqual(
      refusalOf(type, "web", "platforms is empty: give at least one"),
    );
  });

  test("fails when it is said neither what to take nor what to build", async () => {
    expect(await refusal(() => new ContainerImage("web", {}))).toEqual(
      refusalOf(type, "web", "neither reference nor context is given: give one of them"),
    );
  });

  test("fails when it is said both, and the reference does not say which image it is", async () => {
    const refused = await refusal(
      () => new ContainerImage("web", { reference: "web:latest", context: makeFolder(files) }),
    );
    expect(refused).toEqual(
      refusalOf(
        type,
        "web",
        "reference and context are both given: the image is either taken or built",
        'reference is "web:latest": give an image with its digest (repository@sha256:...) or a tag other than latest',
      ),
    );
  });

  test("rejects later a reference that does not say which image it is", async () => {
    const message = await laterFailure(
      () => new ContainerImage("web", { reference: pulumi.output("web") }),
    );
    expect(message).toBe(
      unusable(
        type,
        "web",
        'reference is "web": give an image with its digest (repository@sha256:...) or a tag other than latest',
      ),
    );
  });
});
