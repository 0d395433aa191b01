import { join } from "node:path";
import { DeviationFilter, plannedAt, planPath } from "../../tools/deployment";
import { layout } from "../../tools/support/layout";
import { canary } from "../support/canary";
import { makeFolder } from "../support/folders";

const urn =
  "urn:pulumi:dev::groundwork::groundwork:kubernetes:Microservice$kubernetes:core/v1:Secret";
const values = `{&{{map[SESSION_KEY:{-----BEGIN\n${canary}\n-----END}]}}}`;
const violation =
  `error: resource ${urn}::web-secrets violates plan: properties changed: ` +
  `~~data[${values}!=${values}], ~~spec[${values}]`;

/** What is shown of an output. */
function shown(output: string) {
  const filter = new DeviationFilter();
  const lines = output.split("\n").flatMap((line) => filter.edit(line) ?? []);
  return { filter, lines };
}

describe("the output of an update from a plan", () => {
  test("is shown as it is while nothing deviates", () => {
    const { filter, lines } = shown("Previewing update (dev):\n\nUpdating (dev):\n  web updated");
    expect(lines).toEqual(["Previewing update (dev):", "", "Updating (dev):", "  web updated"]);
    expect(filter.deviates).toBe(false);
  });

  test("names what deviates, once, and shows no value, though the engine prints them", () => {
    const output = [
      "Previewing update (dev):",
      `    kubernetes:core/v1:Secret web-secrets  ${violation}`,
      "Diagnostics:",
      `    ${violation}`,
      `    error: resource ${urn}::other violates plan: dependencies changed: added x`,
      "error: preview failed",
    ].join("\n");
    const { filter, lines } = shown(output);
    expect(lines).toEqual([
      "Previewing update (dev):",
      "  not as planned: web-secrets (data)",
      "  not as planned: other",
    ]);
    expect(filter.deviates).toBe(true);
    expect(filter.inTime).toBe(true);
  });

  test("says whether something was changed before", () => {
    const late = `error: resource violates plan: properties changed: ~=arn[${values}]`;
    const { filter, lines } = shown(
      `Previewing update (dev):\nUpdating (dev):\n    aws:sqs:Queue orders  ${late}\n    ${late}`,
    );
    expect(lines.slice(2)).toEqual([
      "  not as planned: orders (arn)",
      "  not as planned: a resource (arn)",
    ]);
    expect(filter.inTime).toBe(false);
  });
});

describe("a plan", () => {
  test("lies where both commands look for it", () => {
    expect(planPath(layout("/work/it"), "prod")).toBe("/work/it/.groundwork/plan-prod.json");
  });

  test("says when it was made", () => {
    const folder = makeFolder({
      "plan.json": '{"manifest":{"time":"2026-01-02T03:04:05.6Z"},"resourcePlans":{}}',
      "cut.json": '{"manifest":{"time":"2026',
      "other.json": "{}",
    });
    const times = ["plan.json", "cut.json", "other.json", "none.json"].map((name) =>
      plannedAt(join(folder, name))?.toISOString(),
    );
    expect(times).toEqual(["2026-01-02T03:04:05.600Z", undefined, undefined, undefined]);
  });
});
