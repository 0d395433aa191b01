import type { Rule } from "../rules";

/** The registries that ECR can cache, and whether they ask who pulls. */
const known: Readonly<Record<string, boolean>> = {
  "docker.io": true,
  "ghcr.io": true,
  "registry.gitlab.com": true,
  "public.ecr.aws": false,
  "quay.io": false,
  "registry.k8s.io": false,
};
const azure = /^[a-z0-9]{5,50}\.azurecr\.io$/;

/** Whether an upstream registry asks for credentials; undefined for what is none. */
export function credentialsFor(upstream: string): boolean | undefined {
  if (typeof upstream !== "string") return undefined;
  return Object.hasOwn(known, upstream) ? known[upstream] : azure.test(upstream) || undefined;
}

/** A registry that ECR can cache. */
export const upstreamRegistry: Rule<string> = (upstream) =>
  credentialsFor(upstream) === undefined
    ? `give one of ${Object.keys(known).join(", ")}, or NAME.azurecr.io`
    : undefined;

/**
 * Where ECR finds an upstream registry: Docker Hub has another address than its images' references.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreatePullThroughCacheRule.html
 */
export function upstreamUrl(upstream: string): string {
  return upstream === "docker.io" ? "registry-1.docker.io" : upstream;
}
