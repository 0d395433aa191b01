import * as pulumi from "@pulumi/pulumi";
import {
  RegistryReplication,
  type RegistryReplicationArgs,
  type ReplicationRule,
} from "../../../components/registry/registry-replication";
import { record } from "../../../components/testing";
import { parsed } from "../../support/inputs";
import { policyOf } from "../../support/policies";
import { laterFailure, refusal, refusalOf, unusable } from "../../support/refusals";

const type = "groundwork:registry:RegistryReplication";
const configuration = "aws:ecr/replicationConfiguration:ReplicationConfiguration";
const registryPolicy = "aws:ecr/registryPolicy:RegistryPolicy";

const toIreland: ReplicationRule = { destinations: [{ region: "eu-west-1" }] };

describe("RegistryReplication", () => {
  test("default copies every repository within the account, and accepts from nobody", async () => {
    const recording = await record(() => {
      new RegistryReplication("replication", { rules: [toIreland] });
    });

    expect(recording.resources).toHaveLength(2);
    expect(recording.childrenOf(type, "replication")).toEqual([`${configuration} replication`]);
    expect(recording.one(configuration, "replication").inputs).toEqual({
      replicationConfiguration: {
        rules: [
          {
            destinations: [{ region: "eu-west-1", registryId: "123456789012" }],
            repositoryFilters: [],
          },
        ],
      },
    });
  });

  test("custom copies some repositories to another account, in several rules", async () => {
    const recording = await record(() => {
      new RegistryReplication("replication", {
        rules: [
          {
            destinations: [
              { region: pulumi.output("eu-west-1"), account: pulumi.output("210987654321") },
              { region: "us-east-1" },
            ],
            repositoryPrefixes: ["prod/", pulumi.output("web")],
          },
          toIreland,
        ],
      });
    });

    expect(recording.one(configuration, "replication").inputs).toEqual({
      replicationConfiguration: {
        rules: [
          {
            destinations: [
              { region: "eu-west-1", registryId: "210987654321" },
              { region: "us-east-1", registryId: "123456789012" },
            ],
            repositoryFilters: [
              { filter: "prod/", filterType: "PREFIX_MATCH" },
              { filter: "web", filterType: "PREFIX_MATCH" },
            ],
          },
          {
            destinations: [{ region: "eu-west-1", registryId: "123456789012" }],
            repositoryFilters: [],
          },
        ],
      },
    });
  });

  test("custom accepts what other accounts copy to here", async () => {
    const recording = await record(() => {
      new RegistryReplication("replication", {
        acceptFrom: ["210987654321", pulumi.output("111111111111")],
      });
    });

    expect(recording.resources).toHaveLength(2);
    expect(recording.childrenOf(type, "replication")).toEqual([
      `${registryPolicy} replication-policy`,
    ]);
    expect(parsed(recording.one(registryPolicy, "replication-policy"), "policy")).toEqual({
      policy: policyOf({
        Sid: "Replicate",
        Effect: "Allow",
        Principal: { AWS: ["210987654321", "111111111111"] },
        Action: ["ecr:CreateRepository", "ecr:ReplicateImage"],
        Resource: "arn:aws:ecr:eu-central-1:123456789012:repository/*",
      }),
    });
  });

  test("fails when anything is outside what ECR takes", async () => {
    const args = {
      rules: [
        {
          destinations: [{ region: "Ireland", account: "1" }, { acount: "1" }],
          repositoryPrefixes: ["a", "prod/*"],
          filters: [],
        },
        { destinations: [], repositoryPrefixes: Array(101).fill("web") },
        { destinations: Array(26).fill({ region: "eu-west-1" }) },
      ],
      acceptFrom: ["*"],
    } as unknown as RegistryReplicationArgs;
    expect(await refusal(() => new RegistryReplication("replication", args))).toEqual(
      refusalOf(
        type,
        "replication",
        'there is no argument "rules[0].filters": give only destinations, repositoryPrefixes',
        'rules[0].destinations[0].region is "Ireland": give a region, like eu-central-1',
        'rules[0].destinations[0].account is "1": give an account\'s 12 digits',
        'there is no argument "rules[0].destinations[1].acount": did you mean account?',
        "rules[0].destinations[1].region is missing: give it",
        'rules[0].repositoryPrefixes[0] is "a": give 2 to 256 characters',
        'rules[0].repositoryPrefixes[1] is "prod/*": give how repositories\' names begin, without *',
        "rules[1].destinations has 0 entries: give 1 to 25",
        "rules[1].repositoryPrefixes has 101 entries: ECR takes 100 at the most",
        "rules[2].destinations has 26 entries: give 1 to 25",
        'acceptFrom[0] is "*": give an account\'s 12 digits',
      ),
    );
  });

  test.each<[RegistryReplicationArgs, string]>([
    [{}, "neither rules nor acceptFrom is given: say what is copied, or who may copy"],
    [{ rules: Array(11).fill(toIreland) }, "rules has 11 entries: ECR takes 10 at the most"],
  ])("fails for too little and too much: %#", async (args, problem) => {
    expect(await refusal(() => new RegistryReplication("replication", args))).toEqual(
      refusalOf(type, "replication", problem),
    );
  });

  test("rejects later what turns out not to fit", async () => {
    const program = () =>
      new RegistryReplication("replication", { acceptFrom: [pulumi.output("*")] });
    expect(await laterFailure(program)).toBe(
      unusable(type, "replication", 'acceptFrom[0] is "*": give an account\'s 12 digits'),
    );
  });
});
