import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { type Recording, record } from "../../components/testing";
import { keys, readEnvironment } from "../../config";
import { deploySampleSystem } from "../../stacks/sample-system";

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
  const file = parse(readFileSync(`Pulumi.${stack}.yaml`, "utf8")) as { config: object };
  const own = Object.entries(file.config).filter(([key]) => key.startsWith("groundwork:"));
  const secrets = Object.entries(keys)
    .filter(([, key]) => key.secret)
    .map(([name]) => [`groundwork:${name}`, `the ${name} of a test, long enough to be one`]);
  const config = own.map(([key, value]) => [key, String(value)]);
  return record(() => deploySampleSystem(readEnvironment()), {
    stack,
    config: { ...Object.fromEntries([...config, ...secrets]), ...given },
    secretKeys: secrets.map(([key]) => String(key)),
  });
}
