import type * as pulumi from "@pulumi/pulumi";
import { ContainerRegistry, type ContainerRegistryArgs } from "./container-registry";

/**
 * Several repositories with the same settings, each a {@link ContainerRegistry} by its name: one
 * that needs others is written out by itself, and moving it out of here or in changes nothing.
 *
 * @param args what all have in common; names in the registry are generated
 * @returns the components by name
 * @throws {InvalidArgumentsError} as {@link ContainerRegistry} does
 *
 * @example
 * const { web, worker } = containerRegistries(["web", "worker"], { pullAccounts: [prodAccount] });
 * new ContainerImage("web", { context: "apps/web", repositoryUrl: web.url });
 */
export function containerRegistries<Name extends string>(
  names: readonly Name[],
  args: Omit<ContainerRegistryArgs, "repositoryName"> = {},
  opts?: pulumi.ComponentResourceOptions,
): Readonly<Record<Name, ContainerRegistry>> {
  const made = names.map((name) => [name, new ContainerRegistry(name, args, opts)]);
  return Object.fromEntries(made) as Record<Name, ContainerRegistry>;
}
