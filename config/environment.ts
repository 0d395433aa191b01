import * as pulumi from "@pulumi/pulumi";
import { check } from "./check";
import { environmentKind, type Platform } from "./environments";
import type { Key, Values } from "./key";
import { keys } from "./keys";
import { project, report } from "./mending";

/** Everything a stack needs to know about where it is, checked. */
export type Environment = Values<typeof keys> & {
  /** The stack's name. */
  readonly name: string;
  /** Where it runs. */
  readonly platform: Platform;
  /** The local platform's registry to push images to; undefined where none is built. */
  readonly imageRegistry: string | undefined;
  /** The web service's image where the local platform has built it already. */
  readonly builtImage: string | undefined;
};

/**
 * Reads the stack's config.
 * @throws {pulumi.RunError} listing everything that is wrong with it, each with the command that
 * mends it
 */
export function readEnvironment(): Environment {
  const stack = pulumi.getStack();
  const config = new pulumi.Config(project);
  const { values, problems } = check(stack, {
    names: Object.keys(pulumi.runtime.allConfig()),
    get: (fullName) => config.get(fullName.slice(project.length + 1)),
    isSecret: isConfigSecret,
  });
  // The local platform tells the program where it is by the variables that every AWS and
  // Kubernetes client knows; the config wins over them.
  const platform = environmentKind(stack)?.platform;
  const awsEndpoint = String(values["awsEndpoint"] || process.env["AWS_ENDPOINT_URL"] || "");
  const kubeconfig = String(values["kubeconfig"] || process.env["KUBECONFIG"] || "");
  if (platform === "local" && (awsEndpoint === "" || kubeconfig === "")) {
    problems.push(
      'there is no local platform: run `make up`, or before pulumi itself: eval "$(make env)"',
    );
  }
  if (problems.length > 0) throw new pulumi.RunError(report(stack, problems));
  const checked = Object.entries<Key>(keys).map(([name, key]) => [
    name,
    key.secret ? pulumi.secret(values[name]) : values[name],
  ]);
  return Object.freeze({
    ...(Object.fromEntries(checked) as Values<typeof keys>),
    ...(platform === "local" && {
      awsEndpoint,
      kubeconfig,
      podAwsEndpoint: String(
        values["podAwsEndpoint"] || process.env["GROUNDWORK_POD_AWS_ENDPOINT"] || awsEndpoint,
      ),
    }),
    name: stack,
    platform: platform as Platform,
    imageRegistry: process.env["GROUNDWORK_IMAGE_REGISTRY"] || undefined,
    builtImage: (platform === "local" && process.env["GROUNDWORK_WEB_IMAGE"]) || undefined,
  });
}

/** The SDK knows which keys are encrypted, and keeps that function out of its typings. */
function isConfigSecret(fullName: string): boolean {
  return (pulumi.runtime as unknown as { isConfigSecret(key: string): boolean }).isConfigSecret(
    fullName,
  );
}
