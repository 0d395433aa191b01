import { type Recording, type RecordOptions, record } from "../../components/testing";
import { type Environment, keys, readEnvironment } from "../../config";
import { refusal } from "../support/refusals";

/** The secrets of every stack. */
export const secrets = {
  sealKey: "a seal key of more than 32 characters",
  sessionKey: "a session key of more than 32 characters",
};
/** The names of all keys, as messages list them. */
export const allKeys = Object.keys(keys).join(", ");

/** Config of the project by its keys, with the secrets unless they are given. */
export function configOf(given: Readonly<Record<string, string>>): Partial<RecordOptions> {
  const config = Object.entries({ ...secrets, ...given }).map(([key, value]) => [
    `groundwork:${key}`,
    value,
  ]);
  return {
    config: Object.fromEntries(config),
    secretKeys: Object.keys(secrets).map((key) => `groundwork:${key}`),
  };
}

/** What a program in a stack with this config reads, with its secrets resolved. */
export async function read(stack: string, given: Readonly<Record<string, string>>) {
  let environment: Environment | undefined;
  const recording: Recording = await record(
    () => {
      environment = readEnvironment();
      return { sealKey: environment.sealKey, sessionKey: environment.sessionKey };
    },
    { stack, ...configOf(given) },
  );
  return { ...environment, ...recording.outputs };
}

/** The message with which a program in a stack with this config ends. */
export async function messageOf(stack: string, options: Partial<RecordOptions>): Promise<string> {
  const refused = await refusal(readEnvironment, { stack, ...options });
  expect(refused.resources).toEqual([]);
  return refused.message;
}

const purposes = {
  sealKey: "Key with which the archive seals what it keeps.",
  sessionKey: "Key with which the web service signs what it hands out.",
};

/** What is said of a secret that a stack does not have. */
export const missing = (stack: string, key: keyof typeof secrets) =>
  `  - ${key} is missing. ${purposes[key]}
      pulumi config set --stack ${stack} --secret ${key}`;

/** What is said of a secret that stands in staging's config as it is. */
export const inPlainText = (key: keyof typeof secrets) =>
  `  - ${key} is a secret and stands in plain text. Replace it, as it is known now:
      pulumi config set --stack staging --secret ${key}`;

/** What a stack on AWS has to set. */
export const cloud = { awsAccountId: "123456789012", eksCluster: "shop" };

/** What a production environment has to set, as prod is. */
export const production = {
  ...cloud,
  zones: "2",
  alarmEmail: "alarms@example.com",
  webImage: `example.com/web@sha256:${"0".repeat(64)}`,
};
