import { runInThisContext } from "node:vm";
import { getCallerIdentityOutput } from "@pulumi/aws/getCallerIdentity";
import { Role } from "@pulumi/aws/iam";
import { Provider } from "@pulumi/aws/provider";
import { Queue } from "@pulumi/aws/sqs";
import * as pulumi from "@pulumi/pulumi";
import { type RecordedResource, Recording, record } from "../../../components/testing/recorder";

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

const resource = (type: string, name: string, parent?: string): RecordedResource => ({
  type,
  name,
  inputs: {},
  secretInputs: [],
  parent,
  dependencies: [],
  provider: undefined,
});

const recordingOf = (...resources: readonly RecordedResource[]) => {
  const recording = new Recording();
  recording.resources.push(...resources);
  return recording;
};

describe("record", () => {
  test("tells type, name and inputs of a resource, and nothing that is not there", async () => {
    const recording = await record(() => {
      new Queue("orders", { delaySeconds: pulumi.output(5), name: undefined });
    });
    expect(recording.resources).toEqual([
      {
        type: queueType,
        name: "orders",
        inputs: { delaySeconds: 5 },
        secretInputs: [],
        parent: undefined,
        dependencies: [],
        provider: undefined,
      },
    ]);
    expect(recording.outputs).toEqual({});
  });

  test("tells components and whose child each resource is, at any depth", async () => {
    const recording = await record(() => {
      const mall = new pulumi.ComponentResource("test:index:Mall", "mall");
      new Shop("books", { parent: mall });
    });
    expect(recording.resources.map(({ type, name, parent }) => [type, name, parent])).toEqual([
      ["test:index:Mall", "mall", undefined],
      [shopType, "books", "test:index:Mall mall"],
      [queueType, "books-queue", "test:index:Shop books"],
    ]);
  });

  test("tells what a resource waits for, by name and sorted", async () => {
    const recording = await record(() => {
      const late = new Queue("z-late");
      const shop = new Shop("a-shop");
      new Queue("orders", { policy: late.arn }, { dependsOn: [shop] });
    });
    expect(recording.one(queueType, "orders").dependencies).toEqual(["a-shop-queue", "z-late"]);
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

  test("tells which inputs are secret or hold a secret, and their clear text", async () => {
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
    expect([...queue.secretInputs].sort()).toEqual(["kmsMasterKeyId", "name", "tags"]);
    const role = recording.one("aws:iam/role:Role", "role");
    expect(role.inputs).toEqual({
      assumeRolePolicy: "{}",
      inlinePolicies: [{ name: "a" }, { name: "b", policy: "d" }],
    });
    expect(role.secretInputs).toEqual(["inlinePolicies"]);
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
    await record(
      () => {
        const queue = new Queue("orders", { name: "orders" });
        queue.id.apply((id) => known.push(`id ${id}`));
        queue.arn.apply((arn) => known.push(`arn ${arn}`));
        queue.name.apply((name) => known.push(`name ${name}`));
      },
      { preview: true },
    );
    expect(known).toEqual(["name orders"]);
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

describe("Recording", () => {
  const recording = recordingOf(
    resource("t:Shop", "books"),
    resource("t:Queue", "b", "t:Shop books"),
    resource("t:Queue", "a", "t:Shop books"),
    resource("t:Bucket", "a", "t:Shop books"),
    resource("t:Queue", "c", "t:Shop toys"),
    resource("t:Twice", "same"),
    resource("t:Twice", "same"),
  );

  test("finds the resources of one type in their order", () => {
    expect(recording.ofType("t:Queue").map(({ name }) => name)).toEqual(["b", "a", "c"]);
    expect(recording.ofType("t:Que")).toEqual([]);
  });

  test("finds the one resource by type and name", () => {
    expect(recording.one("t:Bucket", "a")).toEqual(resource("t:Bucket", "a", "t:Shop books"));
  });

  test("finds the children of a resource, sorted", () => {
    expect(recording.childrenOf("t:Shop", "books")).toEqual([
      "t:Bucket a",
      "t:Queue a",
      "t:Queue b",
    ]);
    expect(recording.childrenOf("t:Shop", "none")).toEqual([]);
  });

  test("fails when there is none, with what there is", () => {
    expect(() => recordingOf(resource("t:A", "a"), resource("t:B", "b")).one("t:A", "b")).toThrow(
      new Error("0 resources are t:A b. There are:\n  t:A a\n  t:B b"),
    );
  });

  test("fails when there are several", () => {
    expect(() => recording.one("t:Twice", "same")).toThrow(
      /^2 resources are t:Twice same\. There are:\n/,
    );
  });
});
