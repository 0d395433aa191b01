import { ending } from "../../tools/ending";
import type { Remarks } from "../../tools/platform/functions";
import type { Platform } from "../../tools/platform/platform";
import { changesInPlace, cut, printWrapped, wrapped } from "../../tools/support/terminal";

test("lines change in place on a terminal that people look at", () => {
  expect(changesInPlace({ isTTY: true }, { TERM: "xterm" })).toBe(true);
  expect(changesInPlace({ isTTY: true }, { TERM: "xterm", CI: "false" })).toBe(true);
  expect(changesInPlace({ isTTY: true }, { TERM: "xterm", CI: "true" })).toBe(false);
  expect(changesInPlace({ isTTY: true }, { TERM: "dumb" })).toBe(false);
  expect(changesInPlace({}, { TERM: "xterm" })).toBe(false);
});

test("a text is broken at blanks, and a word is never broken", () => {
  expect(wrapped("  one two three", 9, "    ")).toEqual(["  one two", "    three"]);
  expect(wrapped("one", 2)).toEqual(["one"]);
  expect(wrapped("one twotwotwo three", 5, " ")).toEqual(["one", " twotwotwo", " three"]);
  expect(wrapped("  one two", Number.POSITIVE_INFINITY)).toEqual(["  one two"]);
  expect(wrapped("  one   two", 80)).toEqual(["  one   two"]);
  expect(wrapped("", 10)).toEqual([""]);
});

test("a text is printed in lines that fit the terminal", () => {
  const log = jest.spyOn(console, "log").mockImplementation();
  printWrapped("  Dashboards are kept, and not drawn.", "    ", 20);
  expect(log.mock.calls).toEqual([["  Dashboards are"], ["    kept, and not"], ["    drawn."]]);
  log.mockRestore();
});

test("a text that is cut shows it", () => {
  expect(cut("12345", 5)).toBe("12345");
  expect(cut("123456", 5)).toBe("12...");
});

const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
const state = {
  deployment: {
    resources: [
      {
        type: "pulumi:pulumi:Stack",
        urn: "urn",
        outputs: { webUrl: "http://web.shop", key: { ...secret, ciphertext: "c" }, pods: 3 },
      },
      {
        type: "kubernetes:core/v1:Service",
        urn: "urn",
        outputs: {
          metadata: { name: "web", namespace: "shop" },
          spec: { selector: { app: "web" }, ports: [{ port: 80 }] },
        },
      },
    ],
  },
};
const platform: Platform = {
  awsEndpoint: "http://127.0.0.1:4566",
  ownEmulator: true,
  awsRegion: "eu-central-1",
  podAwsEndpoint: "http://172.18.0.1:4566",
  cluster: "kind",
  byReference: "none is built",
};

const noRemarks: Remarks = { failing: [], different: [] };

test("an update ends with the outputs, from where they can be reached, and what to try", () => {
  const lines = ending(state, platform, "dev", noRemarks);
  expect(lines).toEqual([
    '  key     "[secret]"',
    "  pods    3",
    "  webUrl  http://web.shop",
    "          a name inside the cluster; make forward SERVICE=web leads to it",
    "",
    "Everything is up. What to try:",
    "  make try                  sends an order through all of it",
    "  make dev                  brings each change live as soon as it is saved",
    "  make forward SERVICE=web  leads a port of this machine to a service",
    "  make preview              shows what a change would do",
    "  make down                 takes everything away",
    '  eval "$(make -s env)"',
    "                            has pulumi, kubectl and aws mean this stack",
  ]);
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
});

test("what can't be reached in a simulated cluster is not offered", () => {
  const lines = ending(state, { ...platform, cluster: "simulated" }, "sandbox", noRemarks);
  expect(lines.slice(2, 4)).toEqual([
    "  webUrl  http://web.shop",
    "          answers nobody: the cluster is simulated",
  ]);
  expect(lines).toContain("  make try STACK=sandbox      sends an order through all of it");
  expect(lines.filter((line) => line.includes("forward"))).toEqual([]);
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
});

test("an update never ends with everything up where pods can't reach the AWS emulator", () => {
  const unreached: Platform = { ...platform, podAwsEndpoint: undefined };
  expect(ending(state, unreached, "dev", noRemarks).slice(4, 8)).toEqual([
    "",
    "The stack is up to date, but not all of it works:",
    "  Pods can't reach the AWS emulator: set podAwsEndpoint",
    "",
  ]);
});

test("an update never ends with everything up where a function can't run", () => {
  const remarks: Remarks = {
    failing: ["  report: the runtime java21 does not run on the local platform"],
    different: ["  archive: runs with Python 3.12"],
  };
  expect(ending(state, platform, "dev", remarks).slice(4, 13)).toEqual([
    "",
    "Functions that run differently than in Lambda:",
    "  archive: runs with Python 3.12",
    "",
    "The stack is up to date, but not all of it works:",
    "  report: the runtime java21 does not run on the local platform",
    "",
    "What to try:",
    "  make try                  sends an order through all of it",
  ]);
});
