import type { ExportedStack } from "./cut-off";
import { Failure } from "./support/failure";
import type { Environment } from "./support/programs";

/** A function of a stack, by the names that people know it by. */
export interface StackFunction {
  /** Its name in the program. */
  readonly name: string;
  readonly physicalName: string;
  readonly logGroup: string;
}

/** Lists a stack's functions. */
export function stackFunctions({ deployment }: ExportedStack): readonly StackFunction[] {
  return (deployment?.resources ?? [])
    .filter(({ type }) => type === "aws:lambda/function:Function")
    .map(({ urn, outputs = {} }) => {
      const physicalName = String(outputs["name"]);
      const { logGroup } = (outputs["loggingConfig"] ?? {}) as { readonly logGroup?: string };
      return {
        name: urn.split("::").at(-1) ?? "",
        physicalName,
        logGroup: logGroup || `/aws/lambda/${physicalName}`,
      };
    });
}

/**
 * Finds a function by its name in the program, or by its physical one.
 * @throws {Failure} when there is none of that name, with those that there are
 */
export function namedFunction(functions: readonly StackFunction[], name: string): StackFunction {
  const found = functions.find((each) => each.name === name || each.physicalName === name);
  if (found !== undefined) return found;
  const names = functions.map((each) => each.name).join(", ");
  throw new Failure(`There is no function ${name}.`, [
    `Give FUNCTION, one of: ${names || "none, the stack has no functions"}`,
  ]);
}

/** A line of a function's log. */
export interface LogLine {
  readonly eventId: string;
  readonly timestamp: number;
  readonly message: string;
}

/** Reads a log group from the emulator: the lines since a time, in order. */
export async function logLines(
  env: Environment,
  logGroup: string,
  since: number,
): Promise<readonly LogLine[]> {
  const region = env["AWS_REGION"];
  const lines: LogLine[] = [];
  for (let next: string | undefined, first = true; first || next !== undefined; first = false) {
    const answer = await fetch(String(env["AWS_ENDPOINT_URL"]), {
      method: "POST",
      body: JSON.stringify({ logGroupName: logGroup, startTime: since, nextToken: next }),
      headers: {
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": "Logs_20140328.FilterLogEvents",
        // The emulator takes the service from it, and looks at no signature.
        Authorization: `AWS4-HMAC-SHA256 Credential=test/20250101/${region}/logs/aws4_request`,
      },
    });
    // There is no group as long as nothing has called the function.
    if (!answer.ok) return [];
    const page = (await answer.json()) as {
      readonly events: readonly LogLine[];
      readonly nextToken?: string | null;
    };
    lines.push(...page.events);
    // The last page has null for it.
    next = page.nextToken ?? undefined;
  }
  return lines.sort((one, other) => one.timestamp - other.timestamp);
}
