import { all, matching, type Rule } from "../rules";

/**
 * The name of an object that is only referred to, like a Secret.
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-subdomain-names
 */
export function objectName(kind: string): Rule<string> {
  return matching(
    /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/,
    `the name of a Kubernetes ${kind}: lower-case letters, digits, hyphens and dots (RFC 1123)`,
  );
}

/** A folder of a container's file system, as a path that can only mean one. */
export const folderPath: Rule<string> = all(
  matching(/^(\/(?!\.\.?(\/|$))[\w.-]+)+$/, "the absolute path of a folder below /, like /tmp"),
  // Of what the runtime has in /dev, this alone is for programs to write to.
  matching(
    /^(?!\/(proc|sys|dev(?!\/shm$)|var\/run\/secrets)(\/|$))/,
    "another folder: Kubernetes and the container runtime have that one themselves",
  ),
);

/** A limit on the length of a component's name, to which Kubernetes or Pulumi add something. */
export function atMost(length: number): Rule<string> {
  return (name) =>
    name.length <= length
      ? undefined
      : `give at most ${length} characters: what it makes has longer names`;
}
