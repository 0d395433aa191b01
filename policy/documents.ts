import { at, items, json, later, texts } from "./values";

/** A statement of an IAM policy document, as far as rules look at it. */
export interface Statement {
  readonly effect: unknown;
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly resources: readonly string[];
  readonly notResources: readonly string[];
  readonly principals: readonly string[];
  readonly condition: unknown;
}

/**
 * The statements of a policy document.
 * @returns none for a document that is not known yet or can't be read
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function statements(document: unknown): readonly Statement[] {
  const found = at(json(document), "Statement");
  return (Array.isArray(found) ? items(found) : found === undefined ? [] : [found]).map(
    (statement) => ({
      effect: at(statement, "Effect"),
      actions: texts(at(statement, "Action")),
      notActions: texts(at(statement, "NotAction")),
      resources: texts(at(statement, "Resource")),
      notResources: texts(at(statement, "NotResource")),
      principals: principals(at(statement, "Principal")),
      condition: at(statement, "Condition"),
    }),
  );
}

/** The statements that allow something. */
export function allowing(document: unknown): readonly Statement[] {
  return statements(document).filter(({ effect }) => effect === "Allow");
}

/** What is wrong with a resource's policy that allows everybody something on no condition. */
export function openToAll(document: unknown): readonly string[] {
  return allowing(document)
    .filter(({ principals, condition }) => principals.includes("*") && condition === undefined)
    .map(
      ({ actions }) =>
        `policy allows everybody ("*") ${actions.join(", ")}: name services, accounts or roles`,
    );
}

/** Whether a document refuses everybody every action without TLS, or may once it is known. */
export function isTlsOnly(document: unknown, service: string): boolean {
  if (document === later) return true;
  return statements(document).some(
    ({ effect, actions, principals, condition }) =>
      effect === "Deny" &&
      principals.includes("*") &&
      (actions.includes("*") || actions.includes(`${service}:*`)) &&
      texts(at(condition, "Bool", "aws:SecureTransport")).includes("false"),
  );
}

/** `"*"`, `{ AWS: "*" }` and lists all mean principals. */
function principals(value: unknown): readonly string[] {
  return typeof value === "object" && value !== null
    ? Object.values(value).flatMap((each) => texts(each))
    : texts(value);
}
