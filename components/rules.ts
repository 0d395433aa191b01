/**
 * A rule about one value. Returns what is wrong with it in words that complete "«argument» is
 * «value»: …", or undefined when nothing is.
 */
export type Rule<T> = (value: T) => string | undefined;

/** A whole number within bounds, both included. */
export function wholeNumber(min: number, max: number, unit = ""): Rule<number> {
  const range = `give a whole number from ${min} to ${max}${unit && ` ${unit}`}`;
  return (value) => (Number.isInteger(value) && value >= min && value <= max ? undefined : range);
}

/** One of a fixed list of values. */
export function oneOf<T extends string | number>(...allowed: readonly T[]): Rule<T> {
  return (value) => (allowed.includes(value) ? undefined : `give one of ${allowed.join(", ")}`);
}

/** Text that matches a pattern; `wanted` says in words what the pattern means. */
export function matching(pattern: RegExp, wanted: string): Rule<string> {
  return (value) =>
    typeof value === "string" && pattern.test(value) ? undefined : `give ${wanted}`;
}

/** Text of any kind. */
export const text: Rule<string> = matching(/^/, "text");

/** Text of at most so many characters. */
export function textUpTo(max: number): Rule<string> {
  return (value) =>
    typeof value === "string" && value.length <= max
      ? undefined
      : `give text of at most ${max} characters`;
}

/** A boolean itself: any text, "false" too, would be taken for true. */
export const trueOrFalse: Rule<boolean> = (value) =>
  typeof value === "boolean" ? undefined : "give true or false";

/** Every rule must hold; the first that does not is told. */
export function all<T>(...rules: readonly Rule<T>[]): Rule<T> {
  return (value) =>
    rules.reduce<string | undefined>((found, rule) => found ?? rule(value), undefined);
}

/** An e-mail address, as far as its shape tells. */
export const emailAddress: Rule<string> = matching(
  /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/,
  "an e-mail address, like on-call@example.com",
);

/**
 * An Amazon Resource Name of one service, in any partition, account and region; where it is AWS's
 * own, like a managed policy, the account is `aws`.
 */
export function arn(service: string): Rule<string> {
  return matching(
    new RegExp(`^arn:aws[a-z-]*:${service}:[a-z0-9-]*:([0-9]*|aws):.+$`),
    `the ARN of a resource of ${service}, like arn:aws:${service}:...`,
  );
}

/** An AWS account, by its number. */
export const accountId: Rule<string> = matching(/^[0-9]{12}$/, "an account's 12 digits");

/** A region of AWS, like the one that is given as an example. */
export function regionName(example: string): Rule<string> {
  return matching(/^[a-z]{2}(-[a-z]+)+-[0-9]$/, `a region, like ${example}`);
}

/**
 * A component's name, of which the names of its resources in AWS are made.
 * @param max how long it may be, so that what the component and Pulumi put behind it still fits
 */
export function componentName(max: number): Rule<string> {
  return matching(
    new RegExp(`^[A-Za-z0-9_-]{1,${max}}$`),
    `at most ${max} letters, digits, hyphens and underscores: names in AWS are made of it`,
  );
}

/**
 * A Kubernetes object name that also serves as a DNS label, as Services need.
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#rfc-1035-label-names
 */
export const dnsLabel: Rule<string> = matching(
  /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/,
  "at most 63 lower-case letters, digits and hyphens, that begin with a letter and end with a letter or a digit (RFC 1035)",
);

/**
 * The name of an environment variable, as POSIX and Lambda accept it.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
export const environmentVariableName: Rule<string> = matching(
  /^[A-Za-z][A-Za-z0-9_]*$/,
  "a letter followed by letters, digits and underscores",
);

/** A part of a repository's name, or a registry's host. */
const namePart = "[a-z0-9]+(?:(?:[.]|__?|-+)[a-z0-9]+)*";
const repository = `${namePart}(?::[0-9]+(?=/))?(?:/${namePart})*`;
const tag = "[A-Za-z0-9_][A-Za-z0-9._-]{0,127}";

/**
 * A container image that says which it is: a digest, or a tag other than `latest`.
 * @see https://distribution.github.io/distribution/spec/api/#overview
 */
export const imageReference: Rule<string> = matching(
  new RegExp(`^${repository}(?::(?!latest$)${tag}|(?::${tag})?@sha256:[0-9a-f]{64})$`),
  "an image with its digest (repository@sha256:...) or a tag other than latest",
);

/**
 * For how many days CloudWatch Logs can keep a log.
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
 */
export const logRetentionDays: Rule<number> = oneOf<number>(
  1,
  3,
  5,
  7,
  14,
  30,
  60,
  90,
  120,
  150,
  180,
  365,
  400,
  545,
  731,
  1096,
  1827,
  2192,
  2557,
  2922,
  3288,
  3653,
);

/** A time zone, as the IANA database names it. */
export const timeZone: Rule<string> = (name) => {
  const wanted = "give a name of the IANA time zone database, like Etc/UTC or Europe/Berlin";
  // Intl takes any case, and offsets; Kubernetes and AWS look the name up as it is written.
  if (typeof name !== "string" || !/^[A-Z][\w+-]*(\/[A-Z][\w+-]*)*$/.test(name)) return wanted;
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return undefined;
  } catch {
    return wanted;
  }
};
