import * as pulumi from "@pulumi/pulumi";
import { Microservice } from "../../../components/kubernetes/microservice";
import { checkAllowFrom, checkAllowTo } from "../../../components/kubernetes/network-args";
import { record } from "../../../components/testing";
import { problemsOf } from "../../support/refusals";

const from = (...peers: readonly unknown[]) =>
  problemsOf((check) => checkAllowFrom(check, peers as never));
const to = (...rules: readonly unknown[]) =>
  problemsOf((check) => checkAllowTo(check, rules as never));
const labels = { matchLabels: { app: "web" } };

test("default is nobody and nothing", () => {
  problemsOf((check) => {
    expect(checkAllowFrom(check, undefined)).toEqual([]);
    expect(checkAllowTo(check, undefined)).toEqual([]);
  });
});

test("takes what a NetworkPolicy takes", () => {
  expect(
    from(
      { podSelector: labels, namespaceSelector: {} },
      { ipBlock: { cidr: "10.0.0.0/8", except: ["10.1.0.0/16"] } },
      { ipBlock: { cidr: "fd00::/8" } },
      { ipBlock: { cidr: pulumi.output("10.0.0.0/8") } },
      { ipBlock: pulumi.output({ cidr: "10.0.0.0/8" }) },
    ),
  ).toEqual([]);
  expect(
    to(
      {
        ports: [{ port: 443 }, { port: "https" }, { protocol: "UDP" }, { port: pulumi.output(1) }],
      },
      { to: [{ podSelector: labels }] },
      { to: pulumi.output([]), ports: pulumi.output([]) },
      {},
    ),
  ).toEqual([]);
});

test("fails for what a NetworkPolicy refuses, with all of it", () => {
  expect(
    from(
      {},
      { ipBlock: { cidr: "10.0.0.1" }, podSelector: labels },
      { ipBlock: { cidr: "10.0.0.0/33" } },
      { pods: labels, podSelector: labels },
    ),
  ).toEqual([
    "allowFrom[0] is empty: give podSelector, namespaceSelector, both, or ipBlock",
    "allowFrom[1] has an ipBlock beside selectors: make two of it",
    'allowFrom[1].ipBlock.cidr is "10.0.0.1": give a range of addresses, like 10.0.0.0/24 or 10.0.0.1/32',
    'allowFrom[2].ipBlock.cidr is "10.0.0.0/33": give a range of addresses, like 10.0.0.0/24 or 10.0.0.1/32',
    'there is no argument "allowFrom[3].pods": did you mean podSelector?',
  ]);
  expect(
    to({ podSelector: labels }, { to: [{}], ports: [{ port: 99_999 }, { port: "HTTPS" }] }),
  ).toEqual([
    'there is no argument "allowTo[0].podSelector": give only to, ports',
    "allowTo[1].to[0] is empty: give podSelector, namespaceSelector, both, or ipBlock",
    "allowTo[1].ports[0].port is 99999: give a whole number from 1 to 65535",
    `allowTo[1].ports[1].port is "HTTPS": give a port's number, or its name`,
  ]);
});

test("fails for a component, and says how it is let in", async () => {
  await record(() => {
    const web = new Microservice("web", { image: "example.com/web:1", namespace: "shop" });
    expect(from(web)).toEqual([
      "allowFrom[0] is a component: leave it out here, and call allowFrom of this one with it",
    ]);
    expect([to(web), to({ to: [web] })]).toEqual(
      ["allowTo[0]", "allowTo[0].to[0]"].map((path) => [
        `${path} is a component: leave it out here, and call its allowFrom with this one`,
      ]),
    );
  });
});
