import { execFileSync } from "node:child_process";
import type { Engine } from "../../tools/engine/engine";
import {
  environment,
  pointsAtLocalPlatform,
  shellLines,
  shellQuoted,
  withoutOwnTools,
} from "../../tools/platform/environment";
import type { Platform } from "../../tools/platform/platform";
import { layout } from "../../tools/support/layout";

const here = layout("/tree");
const own: Engine = { source: "path", path: "/usr/bin/pulumi", version: "3.250.0", plugins: {} };
const built: Engine = {
  source: "modules",
  path: "/tree/.groundwork/bin/pulumi",
  version: "3.220.0",
  plugins: {},
  pulumiHome: here.pulumiHome,
};
const platform: Platform = {
  awsEndpoint: "http://127.0.0.1:20001",
  ownEmulator: true,
  awsRegion: "eu-central-1",
  cluster: "simulated",
  kubeconfig: "/tree/.groundwork/kubeconfig",
};

describe("the environment", () => {
  test("of a stack in the cloud has the engine alone", () => {
    expect(environment({ here, engine: own, isLocal: false }, { PATH: "/bin" })).toEqual({
      PATH: "/usr/bin:/bin",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_NODEJS_TRANSPILE_ONLY: "true",
    });
  });

  test("with home-built tools has a PULUMI_HOME of the tree's own, but the user's login", () => {
    const user = { PATH: "/bin", PULUMI_HOME: "/home/me/.pulumi" };
    expect(environment({ here, engine: built, isLocal: false }, user)).toEqual({
      PULUMI_CREDENTIALS_PATH: "/home/me/.pulumi",
      PATH: "/tree/.groundwork/bin:/bin",
      PULUMI_HOME: "/tree/.groundwork/pulumi",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      PULUMI_K8S_ENABLE_PATCH_FORCE: "true",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_NODEJS_TRANSPILE_ONLY: "true",
    });
  });

  test("of the local stack points at the platform and away from the user's accounts", () => {
    const user = {
      PATH: "/usr/bin:/bin",
      AWS_PROFILE: "production",
      AWS_ENDPOINT_URL_S3: "https://s3.example.com",
    };
    expect(environment({ here, engine: own, isLocal: true, platform }, user)).toEqual({
      PATH: "/usr/bin:/bin",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_NODEJS_TRANSPILE_ONLY: "true",
      PULUMI_BACKEND_URL: "file:///tree/.groundwork/state",
      PULUMI_CONFIG_PASSPHRASE: "groundwork-dev",
      PULUMI_AWS_ASSETS: "/tree/.groundwork/assets",
      AWS_ENDPOINT_URL: "http://127.0.0.1:20001",
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_REGION: "eu-central-1",
      AWS_DEFAULT_REGION: "eu-central-1",
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_PROFILE: undefined,
      AWS_DEFAULT_PROFILE: undefined,
      AWS_SESSION_TOKEN: undefined,
      AWS_ENDPOINT_URL_S3: undefined,
      AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: undefined,
      GROUNDWORK_IMAGE_REGISTRY: undefined,
      KUBECONFIG: "/tree/.groundwork/kubeconfig",
    });
  });

  test("keeps this machine's own servers away from the user's proxy", () => {
    const user = { HTTPS_PROXY: "http://bob:secret@proxy:3128", NO_PROXY: "example.com" };
    const past = "example.com,localhost,127.0.0.1,::1,169.254.169.254";
    const variables = environment({ here, engine: own, isLocal: true, platform }, user);
    expect(variables).toMatchObject({ NO_PROXY: past, no_proxy: past });
    expect(shellLines(variables).join("\n")).not.toContain("secret");
  });

  test("leads pods to the emulator, and the docker plugin to the container engine", () => {
    const withContainers = {
      ...platform,
      podAwsEndpoint: "http://172.18.0.1:20001",
      containerEngine: { DOCKER_HOST: "unix:///home/me/.colima/docker.sock" },
    };
    expect(
      environment({ here, engine: own, isLocal: true, platform: withContainers }, {}),
    ).toMatchObject({
      AWS_ENDPOINT_URL: "http://127.0.0.1:20001",
      GROUNDWORK_POD_AWS_ENDPOINT: "http://172.18.0.1:20001",
      DOCKER_HOST: "unix:///home/me/.colima/docker.sock",
    });
  });

  test("hands over an image that is built already instead of the registry to push to", () => {
    const webImage = `localhost:20009/web@sha256:${"0".repeat(64)}`;
    const withImage = { ...platform, imageRegistry: "localhost:20009", webImage };
    expect(
      environment({ here, engine: own, isLocal: true, platform: withImage }, {}),
    ).toMatchObject({ GROUNDWORK_IMAGE_REGISTRY: undefined, GROUNDWORK_WEB_IMAGE: webImage });
  });

  test("hands over the registry where images are built", () => {
    const withImages = { ...platform, imageRegistry: "localhost:20009" };
    expect(
      environment({ here, engine: own, isLocal: true, platform: withImages }, {}),
    ).toMatchObject({ GROUNDWORK_IMAGE_REGISTRY: "localhost:20009" });
  });

  test.each(["PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"])(
    "leaves the user's %s",
    (name) => {
      const variables = environment({ here, engine: own, isLocal: true }, { [name]: "mine" });
      expect("PULUMI_CONFIG_PASSPHRASE" in variables).toBe(false);
    },
  );
});

describe("a shell that make env pointed at the local platform", () => {
  test("doesn't make home-built tools the user's own", () => {
    const user = { PATH: "/tree/.groundwork/bin:/bin", PULUMI_HOME: "/tree/.groundwork/pulumi" };
    expect(withoutOwnTools(here, user)).toEqual({ PATH: "/bin", PULUMI_HOME: undefined });
    const other = { PATH: "/usr/bin:/bin", PULUMI_HOME: "/home/me/.pulumi" };
    expect(withoutOwnTools(here, other)).toEqual(other);
  });

  test("is told from one that uses a backend of its own", () => {
    const local = { PULUMI_BACKEND_URL: "file:///tree/.groundwork/state" };
    expect(pointsAtLocalPlatform(here, local)).toBe(true);
    expect(pointsAtLocalPlatform(here, { PULUMI_BACKEND_URL: "s3://state" })).toBe(false);
    expect(pointsAtLocalPlatform(here, {})).toBe(false);
  });
});

describe("for a shell", () => {
  test("lines export and unset", () => {
    expect(shellLines({ AWS_REGION: "eu-central-1", AWS_PROFILE: undefined })).toEqual([
      "export AWS_REGION=eu-central-1",
      "unset AWS_PROFILE",
    ]);
  });

  test.each(["plain", "", "two words", "it's", '"$HOME" `id` \\ !', "a\nb", "*?~#;&|<>()", "ä€"])(
    "the value %j survives eval",
    (value) => {
      const script = `eval "$1"; printf %s "$VALUE"`;
      const line = `export VALUE=${shellQuoted(value)}`;
      expect(execFileSync("/bin/sh", ["-c", script, "sh", line], { encoding: "utf8" })).toBe(value);
    },
  );
});
