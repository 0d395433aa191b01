import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { deployByHand } from "../../../bench/preview/by-hand";
import { type Recording, record } from "../../../components/testing";
import { readEnvironment } from "../../../config";
import { deploySampleSystem } from "../../../stacks/sample-system";
import { withoutVariables } from "../../support/variables";

withoutVariables("AWS_ENDPOINT_URL", "KUBECONFIG", "GROUNDWORK_IMAGE_REGISTRY");

beforeEach(() => {
  process.env["AWS_ENDPOINT_URL"] = "http://127.0.0.1:4566";
  process.env["KUBECONFIG"] = "/run/kubeconfig";
  jest.spyOn(pulumi.log, "info").mockResolvedValue();
});

afterEach(() => {
  jest.restoreAllMocks();
});

/** What the dev stack is made of, run by this program. */
async function recordDev(program: () => unknown): Promise<Recording> {
  const { config } = parse(readFileSync("Pulumi.dev.yaml", "utf8")) as { config: object };
  const secrets = {
    "groundwork:sealKey": "a seal key of more than 32 characters",
    "groundwork:sessionKey": "a session key of more than 32 characters",
  };
  return record(program, {
    stack: "dev",
    config: {
      ...Object.fromEntries(Object.entries(config).map(([key, value]) => [key, String(value)])),
      ...secrets,
    },
    secretKeys: Object.keys(secrets),
  });
}

/** The resources that providers make, by type and name; of a package only that it is one. */
const custom = ({ resources }: Recording) =>
  Object.fromEntries(
    resources
      .filter(({ type }) => !type.startsWith("groundwork:"))
      .map(({ type, name, inputs, secretInputs }) => [
        `${type} ${name}`,
        { inputs: JSON.parse(JSON.stringify(inputs), documents), secretInputs },
      ]),
  );

/** A document in JSON as what it says, for which the order of its keys does not matter. */
const documents = (_: string, value: unknown) =>
  typeof value === "string" && value.startsWith("{") ? JSON.parse(value) : value;

test("is what the components make of the dev stack", async () => {
  const byHand = await recordDev(deployByHand);
  const byComponents = await recordDev(() => deploySampleSystem(readEnvironment()));
  expect(custom(byHand)).toEqual(custom(byComponents));
  expect(Object.keys(custom(byHand))).toHaveLength(43);
  expect(byHand.outputs).toEqual(byComponents.outputs);
});
