import * as pulumi from "@pulumi/pulumi";
import {
  ParameterStore,
  type ParameterStoreArgs,
} from "../../../components/configuration/parameter-store";
import { record } from "../../../components/testing";
import { laterFailure, refusal, refusalOf, unusable } from "../../support/refusals";

const type = "groundwork:configuration:ParameterStore";
const parameter = "aws:ssm/parameter:Parameter";
const arn = "arn:aws:ssm:eu-central-1:123456789012:parameter/shop-MAX_ITEMS-1234567";

const parameters = { MAX_ITEMS: "50", "log-level": pulumi.output("info") };

describe("ParameterStore", () => {
  test("default keeps each value as a parameter", async () => {
    const recording = await record(() => {
      new ParameterStore("shop", { parameters });
    });
    expect(recording.resources).toHaveLength(3);
    expect(recording.one(type, "shop").inputs).toEqual({});
    expect(recording.childrenOf(type, "shop")).toEqual([
      `${parameter} shop-MAX_ITEMS`,
      `${parameter} shop-log-level`,
    ]);
    expect(recording.one(parameter, "shop-MAX_ITEMS").inputs).toEqual({
      type: "String",
      value: "50",
    });
    expect(recording.one(parameter, "shop-log-level").inputs).toEqual({
      type: "String",
      value: "info",
    });
  });

  test("grants reading the named ones and nothing else", async () => {
    const { outputs } = await record(() => {
      return new ParameterStore("shop", { parameters }).grantRead("MAX_ITEMS", "log-level");
    });
    expect(outputs).toEqual({
      statements: [
        {
          actions: ["ssm:GetParameter", "ssm:GetParameters"],
          resources: [arn, arn.replace("MAX_ITEMS", "log-level")],
        },
      ],
      environment: {
        SHOP_MAX_ITEMS_PARAMETER_NAME: "shop-MAX_ITEMS-1234567",
        SHOP_LOG_LEVEL_PARAMETER_NAME: "shop-log-level-1234567",
      },
    });
  });

  test("grants changing a value and nothing else", async () => {
    const { outputs } = await record(() => {
      const store = new ParameterStore("shop", { parameters, changedByOthers: true });
      return store.grantPut("MAX_ITEMS");
    });
    expect(outputs).toEqual({
      statements: [{ actions: ["ssm:PutParameter"], resources: [arn] }],
      environment: { SHOP_MAX_ITEMS_PARAMETER_NAME: "shop-MAX_ITEMS-1234567" },
    });
  });

  test("fails to grant what it does not have", async () => {
    const { message } = await refusal(() => {
      new ParameterStore<string>("shop", { parameters }).grantRead("MAX_ITEM");
    });
    expect(message).toBe(
      unusable(type, "shop", 'it has no parameter "MAX_ITEM": did you mean MAX_ITEMS?'),
    );
  });

  test("fails when anything does not fit, with all of it and before anything is made", async () => {
    const refused = await refusal(
      () =>
        new ParameterStore("aws-shop", {
          parameters: { "a b": "1", "a-b": "", a_b: "a".repeat(4_097) },
        }),
    );
    expect(refused).toEqual(
      refusalOf(
        type,
        "aws-shop",
        'name is "aws-shop": give a name that does not begin with aws or ssm, as parameters may not',
        'parameters has a "a b": give a letter followed by at most 99 letters, digits, hyphens and underscores',
        'parameters has "a b" and "a-b", which readers would find by the same variable: give one of them another name',
        'parameters has "a-b" and "a_b", which readers would find by the same variable: give one of them another name',
        'parameters.a-b is "": give a text',
        `parameters.a_b is "${"a".repeat(76)}...: give at most 4096 bytes`,
      ),
    );
  });

  test.each<[ParameterStoreArgs["parameters"], string]>([
    [{ KEY: pulumi.output("") }, 'parameters.KEY is "": give a text'],
    [
      { KEY: pulumi.secret("s3cret") },
      "parameters.KEY is a secret, and here others can read it: give it to a SecretStore",
    ],
  ])("rejects later what turns out not to fit: %#", async (parameters, problem) => {
    expect(await laterFailure(() => new ParameterStore("shop", { parameters }))).toBe(
      unusable(type, "shop", problem),
    );
  });

  test("fails when nothing is given", async () => {
    const { message } = await refusal(() => new ParameterStore("shop", { parameters: {} }));
    expect(message).toBe(unusable(type, "shop", "parameters is empty: give at least one"));
  });
});
