import type {
  PolicyResource,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import { looksAt, type ResourceRule, type Rule, type StackResource, type StackRule } from "./rule";
import { later, plain } from "./values";

/**
 * For each resource by its URN the properties that the program gave it, defaults included. Rules
 * about stacks are shown what the provider made of them: there a preview has as unknown also what
 * nobody gave and the provider will fill in.
 */
type Given = Map<string, ReadonlySet<string>>;

/** Rules as the policy SDK takes them. The engine asks those about resources first. */
export function asPolicies(
  rules: readonly Rule[],
): (ResourceValidationPolicy | StackValidationPolicy)[] {
  const given: Given = new Map();
  return rules.map((rule) => ("check" in rule ? ofResources(rule, given) : ofStacks(rule, given)));
}

function ofResources(rule: ResourceRule, given: Given): ResourceValidationPolicy {
  return {
    ...described(rule),
    validateResource: ({ type, name, urn, props }, report) => {
      given.set(urn, new Set(Object.keys(props)));
      if (!rule.types.includes(type)) return;
      for (const problem of rule.check({ type, name, urn, props: plain(props) })) report(problem);
    },
  };
}

function ofStacks(rule: StackRule, given: Given): StackValidationPolicy {
  return {
    ...described(rule),
    validateStack: ({ resources }, report) => {
      const all = resources.map((resource) => stackResource(resource, given.get(resource.urn)));
      for (const resource of all.filter((each) => looksAt(rule, each))) {
        for (const problem of rule.checkAmong(resource, all)) report(problem, resource.urn);
      }
    },
  };
}

function described({ name, description, url }: Rule) {
  return { name, description: `${description}. See ${url}`, url };
}

function stackResource(
  resource: PolicyResource,
  given: ReadonlySet<string> | undefined,
): StackResource {
  const { type, name, urn, props, propertyDependencies } = resource;
  const known = Object.entries(Object(plain(props))).filter(
    ([key, value]) => value !== later || given === undefined || given.has(key),
  );
  const sources = Object.entries(propertyDependencies).map(([property, from]) => [
    property,
    from.map((each) => each.urn),
  ]);
  return {
    type,
    name,
    urn,
    props: Object.fromEntries(known),
    sources: Object.fromEntries(sources),
  };
}
