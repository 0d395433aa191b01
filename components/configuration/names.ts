import type { ArgumentCheck } from "../arguments";
import { environmentName } from "../iam/grant";
import { all, matching, type Rule } from "../rules";

/** What Secrets Manager, Parameter Store and Kubernetes take alike, so that a secret can move. */
export const storedName = matching(
  /^[A-Za-z][A-Za-z0-9_-]{0,99}$/,
  "a letter followed by at most 99 letters, digits, hyphens and underscores",
);

/** @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html */
export const parameterName = all(
  storedName,
  matching(/^(?!aws|ssm)/i, "a name that does not begin with aws or ssm, as parameters may not"),
);

/** Refuses no names at all, those that a rule refuses, and two that readers can't tell apart. */
export function checkNames(
  check: ArgumentCheck,
  argument: string,
  names: readonly string[],
  rule: Rule<string>,
): void {
  if (names.length === 0) check.problem(`${argument} is empty: give at least one`);
  const inEnvironment = new Map<string, string>();
  for (const name of names) {
    const wrong = rule(name);
    if (wrong !== undefined) check.problem(`${argument} has a "${name}": ${wrong}`);
    const variable = environmentName(name, "");
    const other = inEnvironment.get(variable);
    if (other !== undefined) {
      check.problem(
        `${argument} has "${other}" and "${name}", which readers would find by the same variable: ` +
          "give one of them another name",
      );
    }
    inEnvironment.set(variable, name);
  }
}

/** Some text, of at most so many bytes. */
export function text(maxBytes: number): Rule<string> {
  return (value) => {
    if (typeof value !== "string" || value === "") return "give a text";
    return Buffer.byteLength(value) > maxBytes ? `give at most ${maxBytes} bytes` : undefined;
  };
}
