import { environments } from "../../config";
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
    "ecr-no-public-access",
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
    expect(url).toMatch(/^https:\/\/(docs\.aws\.amazon\.com|kubernetes\.io)\//);
    expect(types).not.toEqual([]);
  }
});

describe("the rules for a stack", () => {
  const platforms = { here: "local", there: "aws" } as const;

  test("advise where it is local, without those for the cloud", () => {
    const { enforcementLevel, rules: some } = rulesFor("here", platforms);
    expect(enforcementLevel).toBe("advisory");
    expect(rules.filter((rule) => !some.includes(rule)).map(({ name }) => name)).toEqual([
      "pod-image-digest",
      "configmap-no-secrets",
      "workload-replicas",
      "secret-recovery",
    ]);
  });

  test.each(["there", "unheard-of", "", "toString"])("are all mandatory for %j", (stack) => {
    expect(rulesFor(stack, platforms)).toEqual({ enforcementLevel: "mandatory", rules });
  });
});
