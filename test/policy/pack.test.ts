import { asPolicies } from "../../policy/pack";
import type { ResourceRule, StackRule } from "../../policy/rule";
import { at, later } from "../../policy/values";
import { sdk } from "./support";

const common = { name: "a-rule", description: "Why", url: "https://example.com", types: ["a:b:C"] };

/** What a policy reports of a resource or a stack. */
function reports(validate: unknown, args: object): readonly (readonly unknown[])[] {
  const reported: unknown[][] = [];
  (validate as (args: object, report: (...said: unknown[]) => void) => void)(args, (...said) =>
    reported.push(said),
  );
  return reported;
}

test("a rule about a resource sees its type alone, and what is not known as such", () => {
  const rule: ResourceRule = {
    ...common,
    check: ({ props, name }) => [`${name} ${at(props, "x") === later}`, "and more"],
  };
  const [policy] = asPolicies([rule]);
  expect(policy).toMatchObject({
    name: "a-rule",
    description: "Why. See https://example.com",
    url: "https://example.com",
  });
  const validate = policy && "validateResource" in policy && policy.validateResource;
  const props = sdk.unknownCheckingProxy({ x: sdk.unknownStringValue });
  expect(reports(validate, { type: "a:b:C", name: "c", urn: "u", props })).toEqual([
    ["c true"],
    ["and more"],
  ]);
  expect(reports(validate, { type: "a:b:D", name: "c", urn: "u", props })).toEqual([]);
});

test("a rule about a stack sees where values come from, and names the resource", () => {
  const rule: StackRule = {
    ...common,
    checkAmong: ({ name, sources }, all) => [`${name} of ${all.length} ${JSON.stringify(sources)}`],
  };
  const [policy] = asPolicies([rule]);
  const validate = policy && "validateStack" in policy && policy.validateStack;
  const other = { type: "x", name: "d", urn: "urn:d", props: {}, propertyDependencies: {} };
  const one = { ...other, type: "a:b:C", name: "c", urn: "urn:c" };
  const resources = [other, { ...one, propertyDependencies: { x: [other] } }];
  expect(reports(validate, { resources })).toEqual([['c of 2 {"x":["urn:d"]}', "urn:c"]]);
});

test("a rule about a stack does not wait for what nobody gave", () => {
  const [ofResource, ofStack] = asPolicies([
    { ...common, check: () => [] },
    { ...common, checkAmong: ({ props }) => Object.keys(Object(props)) },
  ]);
  const x = sdk.unknownStringValue;
  const resource = { type: "a:b:C", name: "c", urn: "urn:c", propertyDependencies: {} };
  const props = sdk.unknownCheckingProxy({ given: x, arn: x });
  const found = () =>
    reports(ofStack && "validateStack" in ofStack && ofStack.validateStack, {
      resources: [{ ...resource, props }],
    });
  // Of what the program does not register itself nobody knows what was given.
  expect(found()).toEqual([
    ["given", "urn:c"],
    ["arn", "urn:c"],
  ]);
  reports(ofResource && "validateResource" in ofResource && ofResource.validateResource, {
    ...resource,
    props: sdk.unknownCheckingProxy({ given: x }),
  });
  expect(found()).toEqual([["given", "urn:c"]]);
});
