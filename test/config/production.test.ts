import type { keys } from "../../config";
import { check } from "../../config/check";
import { project } from "../../config/mending";
import { cloud, configOf, messageOf, production, read, secrets } from "./support";

const digest = `sha256:${"0".repeat(64)}`;

test("fails for prod with everything that is not fit for it at once, each with the reason", async () => {
  const given = {
    ...cloud,
    replicas: "1",
    corsOrigins: "*",
    deletionProtection: "false",
  };
  expect(await messageOf("prod", configOf(given))).toBe(
    `The configuration of stack "prod" has 6 problems:
  - replicas is "1": in production, give a whole number from 2 to 100, because a pod that goes must leave another one to answer
      pulumi config set --stack prod replicas ...
  - zones is 1 by default: in production, give a whole number from 2 to 100, because a zone that fails must leave another one to answer
      pulumi config set --stack prod zones ...
  - corsOrigins is "*": in production, give origins without a path, with commas between them, like https://shop.example.com,https://admin.example.com, because with * any web page could call the service from its visitors' browsers
      pulumi config set --stack prod corsOrigins ...
  - alarmEmail is not set: in production, give one e-mail address, because an alarm that nobody hears of is none
      pulumi config set --stack prod alarmEmail alarms@example.com
  - webImage is not set: in production, give an image with its digest (repository@sha256:...), because it runs what was tested, and neither a new build nor a tag is sure to be that
      pulumi config set --stack prod webImage ...
  - deletionProtection is "false": in production, give true, because its data can't be had back
      pulumi config set --stack prod deletionProtection ...`,
  );
});

/** What is said of one key in an environment that has everything else right. */
function said(stack: string, name: keyof typeof keys, value: string): readonly string[] {
  const given: Readonly<Record<string, string>> = { ...production, ...secrets, [name]: value };
  return check(stack, {
    names: [],
    get: (fullName) => given[fullName.slice(project.length + 1)],
    isSecret: (fullName) => fullName.slice(project.length + 1) in secrets,
  }).problems.map((problem) => problem.split("\n")[0] ?? "");
}

describe("in production", () => {
  test.each([
    ["replicas", "2"],
    ["zones", "3"],
    ["corsOrigins", ""],
    ["corsOrigins", "https://shop.example.com,https://admin.example.com:8443"],
    ["alarmEmail", "a@b.example"],
    ["webImage", `111111111111.dkr.ecr.eu-central-1.amazonaws.com/web@${digest}`],
    ["webImage", `example.com:5000/web:1.2.3@${digest}`],
    ["deletionProtection", "true"],
    ["deletionProtection", ""],
  ] as const)("%s may be %p", (name, value) => {
    expect(said("prod", name, value)).toEqual([]);
  });

  test.each([
    ["replicas", "many"],
    ["zones", "1"],
    ["corsOrigins", "https://shop.example.com,*"],
    ["corsOrigins", "https://*.example.com"],
    ["alarmEmail", "alarms"],
    ["alarmEmail", "a@b.example,c@d.example"],
    ["webImage", "example.com/web:1.2.3"],
    ["webImage", "example.com/web:latest"],
    ["webImage", "example.com/web@sha256:0"],
    ["deletionProtection", "no"],
  ] as const)("%s may not be %p", (name, value) => {
    const [problem = "", ...others] = said("prod", name, value);
    expect(problem.startsWith(`${name} is "${value}": in production, give `)).toBe(true);
    expect(others).toEqual([]);
  });
});

test.each([
  ["zones", ""],
  ["corsOrigins", "*"],
  ["alarmEmail", ""],
  ["webImage", ""],
  ["webImage", "example.com/web:1.2.3"],
  ["deletionProtection", "false"],
] as const)("elsewhere %s may be %p", (name, value) => {
  expect(said("staging", name, value)).toEqual([]);
});

test("there can't be more zones than pods", async () => {
  const given = { ...production, replicas: "2", zones: "3" };
  expect(await messageOf("prod", configOf(given))).toBe(
    `The configuration of stack "prod" has a problem:
  - zones is 3, and replicas 2: give no more zones than there are pods to run in them
      pulumi config set --stack prod zones ...`,
  );
});

test.each([
  ["1", "5"],
  ["5", "5"],
  ["5", "4"],
])("what has %s pods does not scale to %s", async (replicas, maxReplicas) => {
  expect(await messageOf("staging", configOf({ ...cloud, replicas, maxReplicas }))).toBe(
    `The configuration of stack "staging" has a problem:
  - maxReplicas is ${maxReplicas}, and replicas ${replicas}: give more, from 2 replicas on, or 0 to leave it at them
      pulumi config set --stack staging maxReplicas ...`,
  );
});

test.each<[string, Record<string, string>, string, string]>([
  [
    "a controller of the Gateway API without a Gateway",
    { trafficController: "istio" },
    "gateway",
    "is not set, and trafficController is istio: give the Gateway that services are published on",
  ],
  [
    "a host that nothing carries traffic to",
    { webHost: "shop.example.com" },
    "webHost",
    "is shop.example.com, and trafficController none: nothing carries traffic into the cluster; set trafficController, or take webHost out",
  ],
  [
    "a host on an Ingress without an issuer of certificates",
    { webHost: "shop.example.com", trafficController: "ingress-nginx" },
    "certificateIssuer",
    "is not set, and webHost is shop.example.com: give the ClusterIssuer that gets its certificate",
  ],
])("there can't be %s", async (_, given, key, problem) => {
  expect(await messageOf("prod", configOf({ ...production, ...given }))).toBe(
    `The configuration of stack "prod" has a problem:
  - ${key} ${problem}
      pulumi config set --stack prod ${key} ...`,
  );
});

test.each<Record<string, string>>([
  { webHost: "shop.example.com", trafficController: "istio", gateway: "gateways/public" },
  {
    webHost: "shop.example.com",
    trafficController: "ingress-nginx",
    certificateIssuer: "letsencrypt",
  },
])("the web service can be published: %j", async (given) => {
  expect(await read("prod", { ...production, ...given })).toMatchObject(given);
});
