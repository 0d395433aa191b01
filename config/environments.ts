/** Where an environment runs: `local` on the machine at hand, `aws` on AWS and EKS. */
export type Platform = "local" | "aws";

/** What is said of an environment beside the values in its `Pulumi.<name>.yaml`. */
export interface EnvironmentKind {
  readonly platform: Platform;
  /**
   * Whether customers depend on it: then the keys' stronger rules hold (`production` in keys.ts).
   * @default false
   */
  readonly production?: boolean;
}

/**
 * The environments by name, in the order of promotion. `make new-environment` adds a line here and
 * a `Pulumi.<name>.yaml`.
 */
export const environments: Readonly<Record<string, EnvironmentKind>> = {
  dev: { platform: "local" },
  staging: { platform: "aws" },
  prod: { platform: "aws", production: true },
};

/** What is said of an environment; undefined when there is none of this name. */
export function environmentKind(name: string): EnvironmentKind | undefined {
  return Object.hasOwn(environments, name) ? environments[name] : undefined;
}

/** Whether an environment runs on the machine at hand. */
export function isLocal(name: string): boolean {
  return environmentKind(name)?.platform === "local";
}

/**
 * The names of the environments that run on the machine at hand. Commands work on the first one
 * unless they are told another.
 */
export function localEnvironments(): readonly string[] {
  return Object.keys(environments).filter(isLocal);
}
