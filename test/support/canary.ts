import * as pulumi from "@pulumi/pulumi";

/** A secret that can't be mistaken for anything else, to be looked for where it must not be. */
export const canary = "canary-5f0c61b2e9d84a7790e3-not-to-be-seen";

/** The ways to give the canary to what takes a secret. */
export const canaryInputs: [string, () => pulumi.Input<string>][] = [
  ["plain text", () => canary],
  ["a secret Output", () => pulumi.secret(canary)],
  ["an Output that nobody called a secret", () => pulumi.output(canary)],
  ["a promise", () => Promise.resolve(canary)],
];

/** The ways to have the canary as a secret where no secret belongs. */
export const secretCanaries: [string, () => pulumi.Output<string>][] = [
  ["a secret", () => pulumi.secret(canary)],
  ["text made of a secret", () => pulumi.interpolate`Bearer ${pulumi.secret(canary)}`],
];
