import { isIP } from "node:net";
import * as pulumi from "@pulumi/pulumi";
import type { ArgumentCheck } from "../arguments";
import { matching, type Rule } from "../rules";
import { isLater } from "../values";
import { type Egress, type Peer, podPort } from "./network";

/** A range of addresses, of IPv4 or IPv6. */
const cidr: Rule<string> = (range) => {
  const [address = "", bits = "", ...more] = String(range).split("/");
  const most = { 0: -1, 4: 32, 6: 128 }[isIP(address)] as number;
  const fits = more.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= most;
  return fits ? undefined : "give a range of addresses, like 10.0.0.0/24 or 10.0.0.1/32";
};

/** The port of a rule: its number, or the name that pods give it. */
const portOrName: Rule<number | string> = (port) =>
  typeof port === "number"
    ? podPort(port)
    : matching(/^[a-z0-9]([a-z0-9-]{0,13}[a-z0-9])?$/, "a port's number, or its name")(port);

/**
 * Checks who is let in, or reached.
 * @param advice what to do with a workload, which is no peer
 */
function checkPeers(
  check: ArgumentCheck,
  argument: string,
  peers: readonly Peer[] | undefined,
  advice: string,
): readonly Peer[] {
  const given = check.list(argument, peers);
  for (const [i, each] of given.entries()) {
    const path = `${argument}[${i}]`;
    if (isComponent(check, path, each, advice)) continue;
    const kinds = { podSelector: true, namespaceSelector: true, ipBlock: true } as const;
    check.known<Peer>(each, kinds, `${path}.`);
    const { ipBlock, podSelector, namespaceSelector } = each;
    const pods = podSelector ?? namespaceSelector;
    if ((ipBlock ?? pods) === undefined) {
      check.problem(`${path} is empty: give podSelector, namespaceSelector, both, or ipBlock`);
    }
    if (ipBlock !== undefined && pods !== undefined) {
      check.problem(`${path} has an ipBlock beside selectors: make two of it`);
    }
    // What is known only later, Kubernetes checks.
    if (ipBlock !== undefined && "cidr" in ipBlock && !isLater(ipBlock.cidr)) {
      check.input(`${path}.ipBlock.cidr`, ipBlock.cidr, cidr);
    }
  }
  return given;
}

/** Checks who may send requests. */
export function checkAllowFrom(
  check: ArgumentCheck,
  peers: readonly Peer[] | undefined,
): readonly Peer[] {
  return checkPeers(check, "allowFrom", peers, "call allowFrom of this one with it");
}

/** Checks what pods may reach. */
export function checkAllowTo(
  check: ArgumentCheck,
  rules: readonly Egress[] | undefined,
): readonly Egress[] {
  const given = check.list("allowTo", rules);
  const advice = "call its allowFrom with this one";
  for (const [i, each] of given.entries()) {
    const path = `allowTo[${i}]`;
    if (isComponent(check, path, each, advice)) continue;
    check.known<Egress>(each, { to: true, ports: true }, `${path}.`);
    const { to, ports } = each;
    if (Array.isArray(to)) checkPeers(check, `${path}.to`, to as readonly Peer[], advice);
    for (const [j, each] of (Array.isArray(ports) ? ports : []).entries()) {
      const { port } = each as { readonly port?: pulumi.Input<number | string> };
      if (!isLater(port)) check.input(`${path}.ports[${j}].port`, port, portOrName);
    }
  }
  return given;
}

function isComponent(check: ArgumentCheck, path: string, value: unknown, advice: string): boolean {
  if (!pulumi.Resource.isInstance(value)) return false;
  check.problem(`${path} is a component: leave it out here, and ${advice}`);
  return true;
}
