import { type Recording, record } from "../../components/testing";
import { keys, readEnvironment } from "../../config";
import { deploySampleSystem } from "../../stacks/sample-system";
import { configOfFile } from "./stack-files";

/**
 * Records the sample system as a stack's file has it, on a local platform where the stack is a
 * local one. The test begins without the variables that lead to one; see {@link withoutVariables}.
 * @param given config that is not left to the file
 */
export async function recordStack(
  stack: string,
  given: Readonly<Record<string, string>> = {},
): Promise<Recording> {
  process.env["AWS_ENDPOINT_URL"] = "http://127.0.0.1:4566";
  process.env["KUBECONFIG"] = "/run/kubeconfig";
  const secrets = Object.entries(keys)
    .filter(([, key]) => key.secret)
    .map(([name]) => [`groundwork:${name}`, `the ${name} of a test, long enough to be one`]);
  return record(() => deploySampleSystem(readEnvironment()), {
    stack,
    config: { ...configOfFile(stack), ...Object.fromEntries(secrets), ...given },
    secretKeys: secrets.map(([key]) => String(key)),
  });
}
