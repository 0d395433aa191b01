import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { nearest } from "./components/nearest";
import {
  all,
  dnsLabel,
  imageReference,
  logRetentionDays,
  matching,
  oneOf,
  wholeNumber,
} from "./components/rules";
import { flag, type Key, type Keys, number, secret, text, type Values } from "./keys";

/**
 * The environments, and where each one runs: `local` on the machine at hand, `aws` on AWS and EKS.
 * A new environment is a line here and a `Pulumi.<name>.yaml`.
 */
export const environments = { dev: "local", staging: "aws", prod: "aws" } as const;

/** Where an environment runs. */
export type Platform = "local" | "aws";

/** A key for signing, which is worth as much as it is hard to guess. */
const key = all<string>(
  (value) => (value.length >= 32 ? undefined : "give at least 32 characters"),
  (value) => (value.trim() === value ? undefined : "leave out blanks at its ends"),
);

/**
 * Every key of this project's config. `Pulumi.yaml` lists the same ones for the engine and for
 * readers; a test holds the two together.
 */
export const keys = {
  region: text("AWS region that everything is in.", {
    default: "eu-central-1",
    rule: matching(/^[a-z]{2}(-[a-z]+)+-\d$/, "a region, like eu-central-1"),
  }),
  awsAccountId: text("AWS account that this environment may change; any other is refused.", {
    requiredOn: "aws",
    rule: matching(/^\d{12}$/, "an account's 12 digits"),
    example: "123456789012",
  }),
  awsEndpoint: text("URL of an AWS emulator to use instead of the one that make up starts.", {
    rule: matching(/^https?:\/\/[^/\s]+$/, "a URL without a path, like http://127.0.0.1:4566"),
  }),
  eksCluster: text("Name of the EKS cluster that services run on.", {
    requiredOn: "aws",
    rule: matching(/^[0-9A-Za-z][A-Za-z0-9_-]{0,99}$/, "the name of an EKS cluster"),
    example: "groundwork",
  }),
  kubeconfig: text(
    "Path of a kubeconfig to use instead of the local cluster that make up starts.",
    {
      rule: matching(/^\S.*$/, "the path of a file"),
    },
  ),
  kubeContext: text("Context within the kubeconfig; the current one when empty."),
  namespace: text("Kubernetes namespace of the services; groundwork-<stack> when empty.", {
    rule: dnsLabel,
  }),
  replicas: number("How many pods the web service has.", { default: 3, rule: wholeNumber(1, 100) }),
  greeting: text("What the web service says at its root.", { default: "Hello from groundwork" }),
  logLevel: text("How much services and functions log: DEBUG, INFO, WARNING or ERROR.", {
    default: "INFO",
    rule: oneOf<string>("DEBUG", "INFO", "WARNING", "ERROR"),
  }),
  logRetentionDays: number("For how many days the functions' logs are kept.", {
    default: 30,
    rule: logRetentionDays,
  }),
  webImage: text(
    "Image of the web service, by digest or tag. Empty: it is built from apps/web. " +
      "On the local platform it is built whenever a container engine runs.",
    { rule: imageReference },
  ),
  retainData: flag("Keep buckets and registries that hold something when the stack is destroyed.", {
    default: true,
  }),
  sealKey: secret("Key with which the archive seals what it keeps.", { rule: key }),
  sessionKey: secret("Key with which the web service signs what it hands out.", {
    rule: key,
  }),
} satisfies Keys;

/** Everything a stack needs to know about where it is, checked. */
export type Environment = Values<typeof keys> & {
  /** The stack's name. */
  readonly name: string;
  /** Where it runs. */
  readonly platform: Platform;
  /** The local platform's registry to push images to; undefined where no container engine runs. */
  readonly imageRegistry: string | undefined;
};

/**
 * Reads the stack's config.
 * @throws {pulumi.RunError} listing everything that is wrong with it, each with the command that
 * mends it
 */
export function readEnvironment(): Environment {
  const stack = pulumi.getStack();
  const config = new pulumi.Config();
  const own = (fullKey: string) => fullKey.startsWith(`${config.name}:`);
  const { values, problems } = check(stack, {
    names: Object.keys(pulumi.runtime.allConfig())
      .filter(own)
      .map((fullKey) => fullKey.slice(config.name.length + 1)),
    get: (name) => config.get(name),
    isSecret: (name) => isConfigSecret(`${config.name}:${name}`),
  });
  // The local platform tells the program where it is by the variables that every AWS and
  // Kubernetes client knows; the config wins over them.
  const platform = platformOf(stack);
  const awsEndpoint = String(values["awsEndpoint"] || process.env["AWS_ENDPOINT_URL"] || "");
  const kubeconfig = String(values["kubeconfig"] || process.env["KUBECONFIG"] || "");
  if (platform === "local" && (awsEndpoint === "" || kubeconfig === "")) {
    problems.push(
      'there is no local platform: run `make up`, or before pulumi itself: eval "$(make env)"',
    );
  }
  if (problems.length > 0) throw new pulumi.RunError(report(stack, problems));
  return Object.freeze({
    ...(values as Values<typeof keys>),
    ...(platform === "local" && { awsEndpoint, kubeconfig }),
    name: stack,
    platform: platform as Platform,
    imageRegistry: process.env["GROUNDWORK_IMAGE_REGISTRY"] || undefined,
  });
}

/**
 * Looks at a stack's YAML without an engine, so that mistakes are told before anything is started.
 * Secrets are not decrypted: whether they fit is seen when the program runs.
 *
 * @returns an error to print, or undefined when nothing is wrong
 */
export function checkStackFile(projectDirectory: string, stack: string): string | undefined {
  const file = join(projectDirectory, `Pulumi.${stack}.yaml`);
  const prefix = "groundwork:";
  let config: Record<string, unknown>;
  try {
    const given: unknown = (existsSync(file) && parse(readFileSync(file, "utf8"))?.config) || {};
    if (typeof given !== "object" || given === null || Array.isArray(given)) {
      return `${file}: config is no map. Write a line for each key below it, like groundwork:replicas: 3`;
    }
    // The engine takes a key without a prefix for one of the project's own.
    config = Object.fromEntries(
      Object.entries(given).map(([name, value]) => [
        name.includes(":") ? name : `${prefix}${name}`,
        value,
      ]),
    );
  } catch (error) {
    // What stands behind the first sentence quotes the line, which may hold a secret.
    return `${file} can't be read:\n${(error as Error).message.split(":\n\n")[0]}`;
  }
  const isSecret = (name: string) => {
    const value = config[prefix + name];
    return typeof value === "object" && value !== null && "secure" in value;
  };
  const { problems } = check(stack, {
    names: Object.keys(config)
      .filter((key) => key.startsWith(prefix))
      .map((key) => key.slice(prefix.length)),
    get: (name) => {
      const value = config[prefix + name];
      return value === undefined || value === null ? undefined : String(value);
    },
    isSecret,
    encrypted: isSecret,
  });
  return problems.length > 0 ? report(stack, problems) : undefined;
}

/** Where config comes from: the engine, or a file. */
interface Source {
  readonly names: readonly string[];
  get(name: string): string | undefined;
  isSecret(name: string): boolean;
  /** Whether only the ciphertext is known. */
  encrypted?(name: string): boolean;
}

function check(stack: string, source: Source) {
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  const platform = platformOf(stack);
  if (platform === undefined) {
    problems.push(
      `"${stack}" is no environment: use one of ${Object.keys(environments).join(", ")}, ` +
        "or add a line for it to `environments` in config.ts",
    );
  }
  for (const name of source.names) {
    if (!Object.hasOwn(keys, name)) {
      problems.push(
        `${name} is no key: ${nearest(name, Object.keys(keys))}\n` +
          `pulumi config rm --stack ${stack} ${name}`,
      );
    }
  }
  for (const [name, key] of Object.entries<Key>(keys)) {
    const given = source.get(name);
    const required = key.required === true || key.requiredOn === platform;
    const set = `pulumi config set --stack ${stack}${key.secret ? " --secret" : ""} ${name}`;
    if (given === undefined || given === "") {
      if (required && platform !== undefined) {
        problems.push(
          `${name} is missing. ${key.description}\n${set}${key.secret ? "" : ` ${key.example ?? "..."}`}`,
        );
      }
      values[name] = key.parse("").value;
    } else if (key.secret && !source.isSecret(name)) {
      problems.push(
        `${name} is a secret and stands in plain text. Replace it, as it is known now:\n${set}`,
      );
    } else if (!source.encrypted?.(name)) {
      const { value, complaint } = key.parse(given);
      values[name] = value;
      if (complaint !== undefined) {
        const shown = key.secret ? "does not fit" : `is ${JSON.stringify(given)}`;
        problems.push(`${name} ${shown}: ${complaint}\n${set}${key.secret ? "" : " ..."}`);
      }
    }
  }
  return { values, problems };
}

function platformOf(stack: string): Platform | undefined {
  return Object.hasOwn(environments, stack)
    ? environments[stack as keyof typeof environments]
    : undefined;
}

function report(stack: string, problems: readonly string[]): string {
  const lines = problems.map((problem) => `  - ${problem.replaceAll("\n", "\n      ")}`);
  return `The configuration of stack "${stack}" has ${problems.length === 1 ? "a problem" : `${problems.length} problems`}:\n${lines.join("\n")}`;
}

/** The SDK knows which keys are encrypted, and keeps that function out of its typings. */
function isConfigSecret(fullKey: string): boolean {
  return (pulumi.runtime as unknown as { isConfigSecret(key: string): boolean }).isConfigSecret(
    fullKey,
  );
}
