import { runInThisContext } from "node:vm";
import { getPrefixListOutput } from "@pulumi/aws/ec2/getPrefixList";
import { getCallerIdentityOutput } from "@pulumi/aws/getCallerIdentity";
import { Role } from "@pulumi/aws/iam";
import { Provider } from "@pulumi/aws/provider";
import { Queue } from "@pulumi/aws/sqs";
import * as pulumi from "@pulumi/pulumi";
import { record } from "../../../components/testing";

const queueType = "aws:sqs/queue:Queue";
const shopType = "test:index:Shop";

/** A component with a queue in it. */
class Shop extends pulumi.ComponentResource {
  readonly queue: Queue;

  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super(shopType, name, {}, opts);
    this.queue = new Queue(`${name}-queue`, { delaySeconds: 1 }, { parent: this });
  }
}

describe("record", () => {
  test("tells type, name and inputs of a resource, and nothing that is not there", async () => {
    const recording = await record(() => {
      new Queue("orders", { delaySeconds: pulumi.output(5), name: undefined });
    });
    expect(recording.resources).toEqual([
      {
        type: queueType,
        name: "orders",
        urn: "urn:pulumi:test::groundwork::aws:sqs/queue:Queue::orders",
        inputs: { delaySeconds: 5 },
        secretInputs: [],
        outputs: {},
        secretOutputs: [],
        parent: undefined,
        dependencies: [],
        provider: undefined,
        aliases: [],
        hooks: [],
        external: false,
      },
    ]);
    expect(recording.outputs).toEqual({});
    expect(recording.messages).toEqual([]);
  });

  test("tells components, whose child each resource is, and URNs with all parents' types", async () => {
    const recording = await record(() => {
      const mall = new pulumi.ComponentResource("test:index:Mall", "mall");
      new Shop("books", { parent: mall });
    });
    expect(recording.resources.map(({ type, name, parent }) => [type, name, parent])).toEqual([
      ["test:index:Mall", "mall", undefined],
      [shopType, "books", "test:index:Mall mall"],
      [queueType, "books-queue", "test:index:Shop books"],
    ]);
    expect(recording.resources.map(({ urn }) => urn)).toEqual([
      "urn:pulumi:test::groundwork::test:index:Mall::mall",
      "urn:pulumi:test::groundwork::test:index:Mall$test:index:Shop::books",
      "urn:pulumi:test::groundwork::test:index:Mall$test:index:Shop$aws:sqs/queue:Queue::books-queue",
    ]);
  });

  test("gives the program the URNs that the engine would", async () => {
    const { outputs, resources } = await record(() => ({ urn: new Shop("books").queue.urn }));
    expect(outputs["urn"]).toBe(resources[1]?.urn);
  });

  test("tells a component's outputs, and which of them and of the stack's are secret", async () => {
    const { resources, outputs, secretOutputs } = await record(() => {
      const shop = new pulumi.ComponentResource(shopType, "books");
      const values = {
        plain: "a",
        hidden: pulumi.secret("b"),
        deep: { list: ["c", pulumi.secret({ key: "d" })], "a.b/c": pulumi.secret("e") },
      };
      (shop as unknown as Record<string, (outputs: object) => void>)["registerOutputs"]?.(values);
      return values;
    });
    const inClear = {
      plain: "a",
      hidden: "b",
      deep: { list: ["c", { key: "d" }], "a.b/c": "e" },
    };
    const secrets = ['deep["a.b/c"]', "deep.list[1]", "hidden"];
    expect(resources[0]).toMatchObject({ outputs: inClear, secretOutputs: secrets });
    expect(outputs).toEqual(inClear);
    expect(secretOutputs).toEqual(secrets);
  });

  test("gives back as secrets what was given as one, and what the provider makes one", async () => {
    const { outputs } = await record(async () => {
      const queue = new Queue(
        "orders",
        { policy: pulumi.secret("p"), tags: { a: pulumi.secret("b") }, delaySeconds: 1 },
        { additionalSecretOutputs: ["url"] },
      );
      const { policy, tags, url, delaySeconds } = queue;
      return Promise.all(
        [policy, tags, url, delaySeconds].map((each) => pulumi.isSecret<unknown>(each)),
      );
    });
    expect(Object.values(outputs)).toEqual([true, true, true, false]);
  });

  test("tells what resources were called before, as their parents' aliases have it too", async () => {
    const recording = await record(() => {
      new Shop("books", {
        aliases: [
          { name: "letters" },
          { type: "test:old:Shop" },
          "urn:pulumi:other::groundwork::test:index:Shop::books",
          { parent: pulumi.createUrn("mall", "test:index:Mall") },
        ],
      });
      const mall = new pulumi.ComponentResource("test:index:Mall", "mall");
      new Queue("a", {}, { parent: mall, aliases: [{ parent: pulumi.rootStackResource }] });
      new Queue("b", {}, { aliases: [{ name: "c", project: "shop", stack: "dev" }] });
    });
    const aliases = recording.resources.map(({ name, aliases }) => [name, aliases]);
    const here = "urn:pulumi:test::groundwork";
    expect(Object.fromEntries(aliases)).toEqual({
      books: [
        `${here}::test:index:Shop::letters`,
        `${here}::test:old:Shop::books`,
        "urn:pulumi:other::groundwork::test:index:Shop::books",
        `${here}::test:index:Mall$test:index:Shop::books`,
      ],
      "books-queue": [
        `${here}::test:index:Shop$aws:sqs/queue:Queue::letters-queue`,
        `${here}::test:old:Shop$aws:sqs/queue:Queue::books-queue`,
        "urn:pulumi:other::groundwork::test:index:Shop$aws:sqs/queue:Queue::books-queue",
        `${here}::test:index:Mall$test:index:Shop$aws:sqs/queue:Queue::books-queue`,
      ],
      mall: [],
      a: [`${here}::aws:sqs/queue:Queue::a`],
      b: ["urn:pulumi:dev::shop::aws:sqs/queue:Queue::c"],
    });
  });

  test("tells what is only read apart, and reads it with its id", async () => {
    const { resources, outputs } = await record(() => ({
      id: Queue.get("theirs", "https://queue").id,
    }));
    expect(resources).toMatchObject([{ name: "theirs", external: true }]);
    expect(outputs).toEqual({ id: "https://queue" });
  });

  test("tells what the program says, and prints nothing", async () => {
    const print = jest.spyOn(console, "log").mockReturnValue();
    const before = pulumi.log.info;
    const { messages } = await record(async () => {
      await pulumi.log.info("one");
      await pulumi.log.warn("two", new Queue("orders"));
      await pulumi.log.error("three");
      await pulumi.log.debug("four");
    });
    expect(messages).toEqual([
      { severity: "info", text: "one" },
      { severity: "warn", text: "two" },
      { severity: "error", text: "three" },
    ]);
    expect(print).not.toHaveBeenCalled();
    expect(pulumi.log.info).toBe(before);
    print.mockRestore();
  });

  test("answers as it is told to, resources as well as functions", async () => {
    const { outputs } = await record(
      () => ({ url: new Queue("orders").url, account: getCallerIdentityOutput().accountId }),
      {
        answers: { [queueType]: ({ name }) => ({ state: { url: `https://${name}` } }) },
        calls: {
          "aws:index/getCallerIdentity:getCallerIdentity": () => ({ accountId: "210987654321" }),
        },
      },
    );
    expect(outputs).toEqual({ url: "https://orders", account: "210987654321" });
  });

  test.each([false, true])("answers for other stacks, in a preview (%s) too", async (preview) => {
    const { outputs, secretOutputs } = await record(
      () => {
        const network = new pulumi.StackReference("acme/network/prod");
        return {
          vpc: network.getOutput("vpcId"),
          token: network.requireOutput("token"),
          none: network.getOutput("none").apply((value) => value === undefined),
        };
      },
      {
        preview,
        stacks: { "acme/network/prod": { vpcId: "vpc-1", token: pulumi.secret("t") } },
      },
    );
    expect(outputs).toEqual({ vpc: "vpc-1", token: "t", none: true });
    expect(secretOutputs).toEqual(["token"]);
  });

  test("tells what a resource waits for, sorted", async () => {
    const recording = await record(() => {
      const late = new Queue("z-late");
      const shop = new Shop("a-shop");
      new Queue("orders", { policy: late.arn }, { dependsOn: [shop] });
    });
    expect(recording.one(queueType, "orders").dependencies).toEqual([
      `${queueType} a-shop-queue`,
      `${queueType} z-late`,
    ]);
  });

  test("tells the explicit provider, inherited too, and none for the default one", async () => {
    const recording = await record(() => {
      const provider = new Provider("elsewhere", { region: "eu-west-1" });
      new Shop("there", { providers: [provider] });
      new Queue("here");
    });
    expect(recording.one(queueType, "there-queue").provider).toBe("elsewhere");
    expect(recording.one(queueType, "here").provider).toBeUndefined();
    expect(recording.ofType("pulumi:providers:aws").map(({ name }) => name)).toEqual(["elsewhere"]);
  });

  test("tells where in the inputs the secrets are, and their clear text", async () => {
    const recording = await record(() => {
      new Queue("orders", {
        name: pulumi.secret("n"),
        policy: "p",
        tags: { plain: "a", hidden: pulumi.secret("b") },
        kmsMasterKeyId: pulumi.interpolate`key-${pulumi.secret("c")}`,
      });
      new Role("role", {
        assumeRolePolicy: "{}",
        inlinePolicies: [{ name: "a" }, { name: "b", policy: pulumi.secret("d") }],
      });
    });
    const queue = recording.one(queueType, "orders");
    expect(queue.inputs).toEqual({
      name: "n",
      policy: "p",
      tags: { plain: "a", hidden: "b" },
      kmsMasterKeyId: "key-c",
    });
    expect([...queue.secretInputs].sort()).toEqual(["kmsMasterKeyId", "name", "tags.hidden"]);
    const role = recording.one("aws:iam/role:Role", "role");
    expect(role.inputs).toEqual({
      assumeRolePolicy: "{}",
      inlinePolicies: [{ name: "a" }, { name: "b", policy: "d" }],
    });
    expect(role.secretInputs).toEqual(["inlinePolicies[1].policy"]);
  });

  test("resolves what the program returns, also when it returns it later", async () => {
    const { outputs } = await record(async () => {
      const queue = new Queue("orders");
      await Promise.resolve();
      return {
        plain: 1,
        arn: queue.arn,
        deep: { secret: [pulumi.secret("s")] },
        account: getCallerIdentityOutput().accountId,
      };
    });
    expect(outputs).toEqual({
      plain: 1,
      arn: "arn:aws:sqs:eu-central-1:123456789012:orders-1234567",
      deep: { secret: ["s"] },
      account: "123456789012",
    });
  });

  test("default runs the stack test of the project groundwork, for real and without config", async () => {
    const { outputs } = await record(() => ({
      stack: pulumi.getStack(),
      project: pulumi.getProject(),
      preview: pulumi.runtime.isDryRun(),
      config: pulumi.runtime.allConfig(),
    }));
    expect(outputs).toEqual({ stack: "test", project: "groundwork", preview: false, config: {} });
  });

  test("custom runs another stack, as a preview, with config", async () => {
    const { outputs } = await record(
      () => {
        const config = new pulumi.Config();
        const key = config.requireSecret("key");
        return {
          stack: pulumi.getStack(),
          preview: pulumi.runtime.isDryRun(),
          replicas: config.requireNumber("replicas"),
          key,
          keyIsSecret: pulumi.isSecret(key),
        };
      },
      {
        stack: "staging",
        preview: true,
        config: { "groundwork:replicas": "3", "groundwork:key": "k" },
        secretKeys: ["groundwork:key"],
      },
    );
    expect(outputs).toEqual({
      stack: "staging",
      preview: true,
      replicas: 3,
      key: "k",
      keyIsSecret: true,
    });
  });

  test("does not know in a preview what a provider would answer", async () => {
    const known: string[] = [];
    const { outputs } = await record(
      () => {
        const queue = new Queue("orders", { name: "orders" });
        queue.id.apply((id) => known.push(`id ${id}`));
        queue.arn.apply((arn) => known.push(`arn ${arn}`));
        queue.name.apply((name) => known.push(`name ${name}`));
        return { arn: queue.arn, name: queue.name };
      },
      { preview: true },
    );
    expect(known).toEqual(["name orders"]);
    expect(outputs).toEqual({ arn: pulumi.unknown, name: "orders" });
  });

  test("keeps nothing of one run in the next", async () => {
    const options = { stack: "one", config: { "groundwork:a": "1" }, secretKeys: ["groundwork:a"] };
    const first = await record(() => {
      new Queue("orders");
    }, options);
    const second = await record(() => {
      new Queue("orders");
      return { stack: pulumi.getStack(), config: pulumi.runtime.allConfig() };
    });
    expect(first.resources).toHaveLength(1);
    expect(second.resources).toHaveLength(1);
    expect(second.outputs).toEqual({ stack: "test", config: {} });
  });

  describe("fails with what the program throws", () => {
    test("at once", async () => {
      const failure = record(() => {
        throw new Error("at once");
      });
      await expect(failure).rejects.toThrow(new Error("at once"));
    });

    test("after a while", async () => {
      const failure = record(async () => {
        await new Promise((resolve) => setTimeout(resolve, 1));
        throw new Error("after a while");
      });
      await expect(failure).rejects.toThrow(new Error("after a while"));
    });

    test("in an apply of an output", async () => {
      const failure = record(() => ({
        id: new Queue("orders").id.apply(() => {
          throw new Error("in an output");
        }),
      }));
      await expect(failure).rejects.toThrow(new Error("in an output"));
    });

    test("in an apply that nobody waits for", async () => {
      const failure = record(() => {
        new Queue("orders").id.apply(() => {
          throw new Error("in passing");
        });
      });
      await expect(failure).rejects.toThrow(new Error("in passing"));
    });

    test("when two resources have one URN, as the engine does", async () => {
      const failure = record(() => {
        new Queue("orders");
        new Queue("orders");
      });
      await expect(failure).rejects.toThrow(
        "Duplicate resource URN 'urn:pulumi:test::groundwork::aws:sqs/queue:Queue::orders'; try giving it a unique name",
      );
    });

    test("when nobody answers a function", async () => {
      const failure = record(() => ({ id: getPrefixListOutput({ name: "x" }).id }));
      await expect(failure).rejects.toThrow(
        "Nothing answers the function aws:ec2/getPrefixList:getPrefixList. Give its answer: ",
      );
    });

    test("when another stack's outputs are not given", async () => {
      const failure = record(() => ({ id: new pulumi.StackReference("acme/network").outputs }));
      await expect(failure).rejects.toThrow(
        'The program refers to the stack "acme/network", whose outputs are not given. Give them: ' +
          'record(program, { stacks: { "acme/network": { ... } } })',
      );
    });

    test("in an apply of an input", async () => {
      const failure = record(() => {
        const name = pulumi.output("orders").apply((): string => {
          throw new Error("in an input");
        });
        new Queue("orders", { name });
      });
      await expect(failure).rejects.toThrow(
        new Error('error serializing property "name": in an input'),
      );
    });
  });

  test.each<[string, () => unknown]>([
    ["succeeded", () => new Queue("orders").id],
    [
      "failed",
      () => {
        new Queue("orders").id.apply(() => {
          throw new Error("later");
        });
      },
    ],
  ])(
    "has unhandled rejections heard by whom they were before, and its own by nobody, when it %s",
    async (_, program) => {
      const process = runInThisContext("process") as NodeJS.Process;
      const heard: unknown[] = [];
      const listener = (reason: unknown) => heard.push(reason);
      process.on("unhandledRejection", listener);
      try {
        const before = process.listeners("unhandledRejection");
        await record(program).catch(() => undefined);
        expect(process.listeners("unhandledRejection")).toEqual(before);
        expect(heard).toEqual([]);
      } finally {
        process.off("unhandledRejection", listener);
      }
    },
  );
});
