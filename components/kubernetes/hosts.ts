import { matching, type Rule } from "../rules";

const label = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
// The last label has a letter: otherwise it could be an address.
const host = `(?=.{1,253}$)(${label}\\.)+(?=[a-z0-9-]*[a-z])${label}`;

/**
 * A whole host name in DNS.
 * @see https://www.rfc-editor.org/rfc/rfc1123#section-2.1
 */
export const hostName: Rule<string> = matching(
  new RegExp(`^${host}$`),
  "a host name in lower case, like shop.example.com (RFC 1123)",
);

/** A host name, or all below a domain. */
export const hostOrWildcard: Rule<string> = matching(
  new RegExp(`^(\\*\\.)?${host}$`),
  "a host name in lower case, like shop.example.com or *.example.com (RFC 1123)",
);

/** Annotation on what is published for all hosts below a domain: why it is. */
export const wildcardBecause = "policy.groundwork/wildcard-because";
