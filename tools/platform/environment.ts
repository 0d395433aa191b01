import { delimiter, dirname } from "node:path";
import type { Engine } from "../engine/engine";
import { userPulumiHome } from "../engine/probe";
import { readText } from "../support/files";
import type { Layout } from "../support/layout";
import type { Environment } from "../support/programs";
import { unproxied } from "../support/proxy";
import type { Platform } from "./platform";

/** The development passphrase. It guards nothing: the local platform holds test data only. */
const DEVELOPMENT_PASSPHRASE = "groundwork-dev";

/** The stack whose environment it is. */
export interface Whereabouts {
  readonly here: Layout;
  readonly engine: Engine;
  /** Whether the stack is the local one. Elsewhere the user's own variables apply. */
  readonly isLocal: boolean;
  /** The local platform, once it runs. */
  readonly platform?: Platform;
}

/**
 * The environment in which pulumi and the program run: added to the user's own, where `undefined`
 * takes a variable away. A stack in the cloud gets the engine alone; AWS credentials, KUBECONFIG,
 * backend and passphrase stay the user's.
 */
export function environment(
  { here, engine, isLocal, platform }: Whereabouts,
  user: NodeJS.ProcessEnv = process.env,
): Environment {
  return {
    ...unproxied(user),
    ...engineVariables(engine, user),
    ...(isLocal ? stateVariables(here, user) : loginVariables(engine, user)),
    ...(isLocal && platform !== undefined ? platformVariables(here, platform, user) : {}),
  };
}

function engineVariables(engine: Engine, user: NodeJS.ProcessEnv): Environment {
  const always = {
    PATH: prepended(dirname(engine.path), user["PATH"]),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_NODEJS_TRANSPILE_ONLY: "true",
  };
  if (engine.pulumiHome === undefined) return always;
  return {
    ...always,
    PULUMI_HOME: engine.pulumiHome,
    // The hosts can't be reached: asking for plugins that nothing uses would only cost time.
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    // The Kubernetes plugin from modules is older than the provider's argument for the same.
    PULUMI_K8S_ENABLE_PATCH_FORCE: "true",
  };
}

/** The user's login is below their own PULUMI_HOME, also when the plugins are elsewhere. */
function loginVariables(engine: Engine, user: NodeJS.ProcessEnv): Environment {
  if (engine.pulumiHome === undefined || user["PULUMI_CREDENTIALS_PATH"] !== undefined) return {};
  return { PULUMI_CREDENTIALS_PATH: userPulumiHome(user) };
}

function stateVariables(here: Layout, user: NodeJS.ProcessEnv): Environment {
  const hasPassphrase =
    user["PULUMI_CONFIG_PASSPHRASE"] !== undefined ||
    user["PULUMI_CONFIG_PASSPHRASE_FILE"] !== undefined;
  return {
    PULUMI_BACKEND_URL: backendUrl(here),
    ...(hasPassphrase ? {} : { PULUMI_CONFIG_PASSPHRASE: DEVELOPMENT_PASSPHRASE }),
  };
}

function platformVariables(here: Layout, platform: Platform, user: NodeJS.ProcessEnv): Environment {
  return {
    ...accountVariables(user),
    AWS_ENDPOINT_URL: platform.awsEndpoint,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_REGION: platform.awsRegion,
    AWS_DEFAULT_REGION: platform.awsRegion,
    AWS_EC2_METADATA_DISABLED: "true",
    ...(platform.kubeconfig === undefined ? {} : { KUBECONFIG: platform.kubeconfig }),
    GROUNDWORK_POD_AWS_ENDPOINT: platform.podAwsEndpoint,
    // An image that is there already is taken by reference instead of being built.
    GROUNDWORK_IMAGE_REGISTRY: platform.webImage === undefined ? platform.imageRegistry : undefined,
    GROUNDWORK_WEB_IMAGE: platform.webImage,
    ...platform.containerEngine,
    PULUMI_AWS_ASSETS: here.assets,
  };
}

/** The passphrase that pulumi is given; undefined where it is the user's alone. */
export function passphraseOf(
  isLocalStack: boolean,
  user: NodeJS.ProcessEnv = process.env,
): string | undefined {
  const { PULUMI_CONFIG_PASSPHRASE: given, PULUMI_CONFIG_PASSPHRASE_FILE: file } = user;
  if (given !== undefined) return given;
  if (file !== undefined) return readText(file)?.trim();
  return isLocalStack ? DEVELOPMENT_PASSPHRASE : undefined;
}

/** Takes away what could lead to an account of the user's instead of the emulator. */
function accountVariables(user: NodeJS.ProcessEnv): Environment {
  const names = ["AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN"];
  const endpoints = Object.keys(user).filter((name) => name.startsWith("AWS_ENDPOINT_URL_"));
  const ignore = "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS";
  return Object.fromEntries([...names, ...endpoints, ignore].map((name) => [name, undefined]));
}

function prepended(directory: string, path = ""): string {
  const rest = path.split(delimiter).filter((entry) => entry !== directory);
  return [directory, ...rest].join(delimiter);
}

/**
 * What of `make env` a shell must not hand back: with it, home-built tools would be taken for the
 * user's own.
 */
export function withoutOwnTools(here: Layout, user: NodeJS.ProcessEnv): Environment {
  const path = user["PATH"]?.split(delimiter).filter((entry) => entry !== here.bin);
  return {
    PATH: path?.join(delimiter),
    PULUMI_HOME: user["PULUMI_HOME"] === here.pulumiHome ? undefined : user["PULUMI_HOME"],
  };
}

/** Whether a shell was pointed at the local platform with `make env`. */
export function pointsAtLocalPlatform(here: Layout, user: NodeJS.ProcessEnv): boolean {
  return user["PULUMI_BACKEND_URL"] === backendUrl(here);
}

function backendUrl(here: Layout): string {
  return `file://${here.state}`;
}

/** The environment as lines for a shell, quoted so that any value survives `eval`. */
export function shellLines(variables: Environment): string[] {
  return Object.entries(variables).map(([name, value]) =>
    value === undefined ? `unset ${name}` : `export ${name}=${shellQuoted(value)}`,
  );
}

/** One word for a shell, whatever is in it. */
export function shellQuoted(value: string): string {
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}
