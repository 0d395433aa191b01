import { type EnvironmentKind, environments } from "../../config";
import type { Rule } from "../../policy/rule";
import { rules, rulesFor } from "../../policy/rules";
import { recordStack } from "../support/stacks";
import { withoutVariables } from "../support/variables";
import { findings, resourcesOf } from "./support";

withoutVariables("AWS_ENDPOINT_URL", "KUBECONFIG", "GROUNDWORK_IMAGE_REGISTRY");

test.each(Object.keys(environments))("the sample system passes in %s", async (stack) => {
  const recording = await recordStack(stack);
  const resources = resourcesOf(recording);
  const inForce = rulesFor(stack, environments).rules;
  expect(findings(inForce, resources)).toEqual([]);
  // All of them had something to look at.
  const types = new Set(resources.map(({ type }) => type));
  const idle = inForce.filter((rule) => !rule.types.some((type) => types.has(type)));
  expect(idle.map(({ name }) => name)).toEqual([
    // Only some environments let others pull.
    ...(types.has("aws:ecr/repositoryPolicy:RepositoryPolicy")
      ? []
      : ["ecr-no-public-access", "ecr-service-source"]),
    "ecr-registry-scanning",
    "statefulset-keeps-claims",
    "job-deadline",
    "cronjob-no-overlap",
    "ingress-tls",
    "httproute-tls",
    "host-no-wildcard",
    "lambda-async-failures",
    "function-url-authorization",
    "function-url-alias",
    "lambda-permission-source",
    "lambda-permission-public",
    "lambda-permission-alias",
    "api-route-authorization",
    "api-access-log",
    "api-throttling",
    "events-no-public-access",
    "dynamodb-point-in-time-recovery",
    ...inForce.map(({ name }) => name).filter((name) => name === "dynamodb-deletion-protection"),
    "ssm-secure-string",
    "iam-no-user-policies",
    "iam-no-access-keys",
  ]);
});

test("every rule has a name of its own, says why, and where there is more to read", () => {
  const names = rules.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const { name, description, url, types } of rules) {
    expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)+$/);
    expect(description).toMatch(/^[A-Z].*[a-z]$/);
    expect(url).toMatch(
      /^https:\/\/(docs\.aws\.amazon\.com|kubernetes\.io|gateway-api\.sigs\.k8s\.io)\//,
    );
    expect(types).not.toEqual([]);
  }
});

describe("the rules for a stack", () => {
  const environments: Readonly<Record<string, EnvironmentKind>> = {
    here: { platform: "local" },
    there: { platform: "aws" },
    production: { platform: "aws", production: true },
  };
  const leftOut = (some: readonly Rule[]) =>
    rules.filter((rule) => !some.includes(rule)).map(({ name }) => name);

  test("advise where it is local, without those for the cloud", () => {
    const { enforcementLevel, rules: some } = rulesFor("here", environments);
    expect(enforcementLevel).toBe("advisory");
    expect(leftOut(some)).toEqual([
      "pod-image-digest",
      "configmap-no-secrets",
      "workload-replicas",
      "lambda-zones",
      "dynamodb-deletion-protection",
      "secret-recovery",
      "cors-no-wildcard",
    ]);
  });

  test("are mandatory in the cloud, without those for production", () => {
    const { enforcementLevel, rules: some } = rulesFor("there", environments);
    expect(enforcementLevel).toBe("mandatory");
    expect(leftOut(some)).toEqual([
      "lambda-zones",
      "dynamodb-deletion-protection",
      "cors-no-wildcard",
    ]);
  });

  test.each(["production", "unheard-of", "", "toString"])("are all mandatory for %j", (stack) => {
    expect(rulesFor(stack, environments)).toEqual({ enforcementLevel: "mandatory", rules });
  });
});
