import { idsOf } from "../../tools/commands/recover";
import type { CutOff } from "../../tools/cut-off";
import { Failure } from "../../tools/support/failure";

function creating(label: string, more: Partial<CutOff> = {}): CutOff {
  const known = { doing: "creating", physicalName: "orders-85a40ca" };
  return {
    ...known,
    id: undefined,
    kubectl: undefined,
    urn: `urn:pulumi:qa::shop::${label}`,
    label,
    replaces: false,
    ...more,
  };
}

const role = creating("aws:iam/role:Role::web", { id: "web-1a2b3c4" });
const queue = creating("aws:sqs/queue:Queue::orders");
const url = "https://sqs.eu-central-1.amazonaws.com/111111111111/orders-85a40ca?a=b";

/** What the reader is told. */
function refusal(run: () => unknown): readonly string[] {
  try {
    run();
  } catch (error) {
    if (error instanceof Failure) return [error.message, ...error.next];
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("the IDs of what was being made", () => {
  test("are those made of inputs, and those that are given", () => {
    expect([...idsOf([role, queue], [`${queue.label}=${url}`], "qa")]).toEqual([
      [role.urn, "web-1a2b3c4"],
      [queue.urn, url],
    ]);
  });

  test("are left out where nothing was made", () => {
    const args = [`${queue.label}=none`, `${role.label}=none`];
    expect([...idsOf([role, queue], args, "qa")]).toEqual([]);
  });

  test("are not asked of other operations, nor of what is deleted by hand", () => {
    const updated = { ...queue, doing: "updating" };
    const replacing = { ...queue, replaces: true };
    const deployment = { ...queue, kubectl: ["delete", "deployment.apps/web"] };
    expect([...idsOf([updated, replacing, deployment], [], "qa")]).toEqual([]);
  });

  test("fail when one is left, with the command that gives it", () => {
    expect(refusal(() => idsOf([role, queue], [], "qa"))).toEqual([
      "The ID of these is known to AWS alone. Nothing was changed.",
      "  aws:sqs/queue:Queue::orders, named orders-85a40ca",
      "Look each one up, and give its ID, or `none` if there is no such thing:",
      'make recover STACK=qa ARGS="aws:sqs/queue:Queue::orders=ID"',
    ]);
  });

  test("fail when one is empty, or for something that was not being made", () => {
    expect(refusal(() => idsOf([queue], [`${queue.label}=`], "qa"))[0]).toBe(
      "The ID of these is known to AWS alone. Nothing was changed.",
    );
    expect(refusal(() => idsOf([queue], ["orders=x"], "qa"))).toEqual([
      "orders was not being made in qa.",
    ]);
  });
});
