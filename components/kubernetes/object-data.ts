import type * as pulumi from "@pulumi/pulumi";
import type { ArgumentCheck } from "../arguments";

/** @see https://kubernetes.io/docs/concepts/configuration/configmap/#motivation */
const mostBytes = 1024 ** 2;

/**
 * Checks what one ConfigMap or Secret is to hold.
 * @returns it, with its later checks attached
 */
export function checkData(
  check: ArgumentCheck,
  argument: string,
  values: Readonly<Record<string, pulumi.Input<string>>> | undefined,
): Readonly<Record<string, pulumi.Input<string>>> {
  const texts = check.texts(argument, values);
  const sizes = Object.values(texts).map((each) =>
    typeof each === "string" ? Buffer.byteLength(each) : 0,
  );
  const size = sizes.reduce((sum, each) => sum + each, 0);
  if (size > mostBytes) {
    check.problem(
      `${argument} has ${size} bytes: give at most ${mostBytes}, which is what Kubernetes keeps in ` +
        "one object; put the rest into the image, or where the program fetches it",
    );
  }
  return texts;
}
