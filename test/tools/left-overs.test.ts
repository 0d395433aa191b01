import { leftOvers, owner, STARTED_BY } from "../../tools/left-overs";
import { layout } from "../../tools/support/layout";
import { listed } from "../../tools/support/pids";

const here = layout("/tree");
const root = { pid: 1, command: "/sbin/init" };
const make = { pid: 100, parent: 50, command: "node --import tsx tools/cli.ts up" };
const shell = { pid: 50, parent: 1, command: "bash" };
const local = `file://${here.state}`;

interface Given {
  readonly pid: number;
  readonly parent?: number;
  readonly command: string;
  readonly started?: number;
  readonly folder?: string;
  readonly by?: number;
  readonly backend?: string;
}

/** The pids that are left over among these processes, which all work in the tree. */
function found(...given: readonly Given[]): number[] {
  const all = [root, ...given].map(({ parent = 1, started = 1, ...rest }: Given) => ({
    ...rest,
    parent,
    started: new Date(started),
    birth: String(started),
  }));
  const of = (pid: number) => given.find((each) => each.pid === pid);
  const ask = {
    workingDirectory: (pid: number) => of(pid)?.folder ?? "/tree",
    variableOf: (pid: number, name: string) => {
      const { by, backend = local } = of(pid) ?? {};
      if (name === STARTED_BY) return by === undefined ? undefined : owner(here, by);
      return name === "PULUMI_BACKEND_URL" ? backend : undefined;
    },
  };
  return leftOvers(here, all, ask).map(({ pid }) => pid);
}

const engine = { pid: 101, parent: 100, command: "/tree/.groundwork/bin/pulumi up", by: 100 };
const plugin = {
  pid: 102,
  parent: 101,
  command: "/home/ann/.pulumi/plugins/x/pulumi-resource-aws 1",
  by: 100,
};

test("what a command at work has started is not left over", () => {
  expect(found(shell, make, engine, plugin)).toEqual([]);
});

test("all that a killed command has started is", () => {
  const install = {
    pid: 103,
    command: "/tree/.groundwork/venv-moto/bin/python -m pip install",
    by: 100,
  };
  expect(found({ ...engine, parent: 1 }, plugin, install)).toEqual([101, 102, 103]);
});

test("so it is when the command's number went to another process", () => {
  const orphan = { ...engine, parent: 1 };
  expect(found({ ...make, command: "/usr/sbin/sshd" }, orphan)).toEqual([101]);
  expect(found({ ...make, started: 2 }, orphan)).toEqual([101]);
});

test.each([
  "/home/ann/.pulumi/plugins/resource-aws-v7/pulumi-resource-aws 127.0.0.1:1",
  "/home/ann/.pulumi/bin/pulumi-language-nodejs 127.0.0.1:1",
  "/opt/plugins/terraform-provider-aws_v6.0.0_x5",
  "/bin/sh /tree/.groundwork/bin/pulumi-analyzer-policy 127.0.0.1:1 .",
  "/usr/bin/node /tree/node_modules/@pulumi/pulumi/cmd/run-policy-pack/index.js 127.0.0.1:1 policy",
  "/usr/bin/node /tree/node_modules/@pulumi/pulumi/cmd/run --engine 127.0.0.1:1 .",
])("%s is left over when its engine is gone", (command) => {
  expect(found({ pid: 7, command })).toEqual([7]);
  expect(
    found({ pid: 6, command: "/usr/lib/systemd/systemd --user" }, { pid: 7, parent: 6, command }),
  ).toEqual([7]);
});

describe("of what a person runs by hand, nothing is left over:", () => {
  const byHand = { pid: 60, parent: 50, command: "pulumi preview --stack dev" };

  test("a preview, its plugins, and its policies", () => {
    const { by: _, ...its } = { ...plugin, parent: 60 };
    const host = {
      pid: 61,
      parent: 60,
      command: "/bin/sh /tree/.groundwork/bin/pulumi-analyzer-policy 1",
    };
    const pack = { pid: 62, parent: 61, command: "node @pulumi/pulumi/cmd/run-policy-pack 1" };
    expect(found(shell, byHand, its, host, pack)).toEqual([]);
  });

  test("a preview without a terminal", () => {
    expect(found({ ...byHand, parent: 1 })).toEqual([]);
  });

  test("a plugin for a debugger", () => {
    expect(found(shell, { pid: 61, parent: 50, command: "./pulumi-resource-aws" })).toEqual([]);
  });
});

test("other trees keep theirs, also those whose path begins in the same way", () => {
  const command = "/home/ann/.pulumi/plugins/x/pulumi-resource-aws 1";
  expect(found({ pid: 7, command, folder: "/tree-2" })).toEqual([]);
});

test("an update of a stack in the cloud goes on when its terminal was closed", () => {
  expect(found({ ...engine, parent: 1, backend: "https://api.pulumi.com" }, plugin)).toEqual([]);
});

test("processes are read as ps lists them", () => {
  const lines = "  42     1 Fri Nov 27 20:37:17 2026     /usr/bin/pulumi up --stack dev\n\nPID x\n";
  expect(listed(lines)).toEqual([
    {
      pid: 42,
      parent: 1,
      started: new Date("Fri Nov 27 20:37:17 2026"),
      birth: "Fri Nov 27 20:37:17 2026",
      command: "/usr/bin/pulumi up --stack dev",
    },
  ]);
});
