import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { downloadEngine } from "../../tools/engine/download";
import { areInstalled, install } from "../../tools/official/install";
import { engineRelease } from "../../tools/official/releases";
import { unreachable } from "../../tools/support/download";
import { proxyFor, unproxied } from "../../tools/support/proxy";
import { THIS_MACHINE } from "../../tools/support/this-machine";
import { startProxy, type TestProxy } from "../support/proxies";

const PASSWORD = "geheim-4711";
const saved = process.env;
let home: string;
let proxy: TestProxy;
let printed: jest.SpyInstance;

afterEach(() => {
  process.env = saved;
});

describe("behind a proxy", () => {
  beforeEach(async () => {
    home = mkdtempSync(join(tmpdir(), "groundwork-test-"));
    const engine = join(home, "engine");
    mkdirSync(join(engine, "pulumi"), { recursive: true });
    writeFileSync(join(engine, "pulumi", "pulumi"), "#!/bin/sh\necho v9.9.9\n", { mode: 0o755 });
    execFileSync("tar", ["-czf", join(home, "engine.tar.gz"), "-C", engine, "pulumi"]);
    const archive = readFileSync(join(home, "engine.tar.gz"));
    proxy = await startProxy({
      "/": Buffer.from("hello"),
      "/kind": Buffer.from("#!/bin/sh\n"),
      "/engine.tar.gz": archive,
      [new URL(engineRelease("9.9.9", THIS_MACHINE).url).pathname]: archive,
    });
    process.env = { PATH: saved["PATH"], PULUMI_HOME: home, SSL_CERT_FILE: proxy.certificate };
    printed = jest.spyOn(console, "log").mockImplementation(() => {});
  });

  afterEach(async () => {
    printed.mockRestore();
    await proxy.close();
    rmSync(home, { recursive: true });
  });

  const login = () => `http://bob:${PASSWORD}@${proxy.url}`;
  const sum = (text: string) => createHash("sha256").update(text).digest("hex");

  test("all that is downloaded goes through the proxy, and nothing shows its password", async () => {
    process.env["HTTPS_PROXY"] = login();
    const tools = join(home, "bin");
    const kind = {
      url: "https://github.com/kind",
      sum: sum("#!/bin/sh\n"),
      programs: { kind: "" },
    };
    const packed = {
      url: "https://dl.k8s.io/engine.tar.gz",
      programs: { pulumi: "pulumi/pulumi" },
    };

    expect(await unreachable("https://get.pulumi.com")).toBeUndefined();
    await downloadEngine("9.9.9", THIS_MACHINE);
    await install([kind, packed], tools);
    // A second time nothing is asked for.
    await install([kind, packed], tools);

    expect(proxy.asked).toEqual([
      "get.pulumi.com:443",
      "get.pulumi.com:443",
      "github.com:443",
      "dl.k8s.io:443",
    ]);
    expect(proxy.requests).toEqual([
      "HEAD https://get.pulumi.com/",
      `GET ${engineRelease("9.9.9", THIS_MACHINE).url}`,
      "GET https://github.com/kind",
      "GET https://dl.k8s.io/engine.tar.gz",
    ]);
    const basic = `Basic ${Buffer.from(`bob:${PASSWORD}`).toString("base64")}`;
    expect(new Set(proxy.logins)).toEqual(new Set([basic]));
    expect(readFileSync(join(home, "versions/9.9.9/bin/pulumi"), "utf8")).toContain("v9.9.9");
    expect(areInstalled([kind, packed], tools)).toBe(true);
    expect(readdirSync(tools).sort()).toEqual([".official.json", "kind", "pulumi"]);
    expect(printed.mock.calls.flat().join("\n")).not.toContain(PASSWORD);
  });

  test("a proxy that refuses is named without its login", async () => {
    const refusing = await startProxy({}, 407);
    process.env["https_proxy"] = `http://bob:${PASSWORD}@${refusing.url}`;
    expect(await unreachable("https://get.pulumi.com")).toBe(
      "Proxy response (407) !== 200 when HTTP Tunneling",
    );
    await expect(downloadEngine("9.9.9", THIS_MACHINE)).rejects.toThrow(
      `The download of ${engineRelease("9.9.9", THIS_MACHINE).url} through the proxy ` +
        `http://${refusing.url} failed: Proxy response (407) !== 200 when HTTP Tunneling.`,
    );
    await refusing.close();
  });

  test("a file with another checksum is not kept", async () => {
    process.env["HTTPS_PROXY"] = login();
    const tools = join(home, "bin");
    const changed = { url: "https://github.com/kind", sum: sum("other"), programs: { kind: "" } };
    await expect(install([changed], tools)).rejects.toThrow(
      `The checksum of https://github.com/kind must be ${sum("other")}, got ${sum("#!/bin/sh\n")}.`,
    );
    expect(existsSync(join(tools, "kind"))).toBe(false);
    expect(areInstalled([changed], tools)).toBe(false);
    const absent = { url: "https://github.com/none", programs: { kind: "" } };
    await expect(install([absent], tools)).rejects.toThrow(
      `The download of https://github.com/none through the proxy http://${proxy.url} failed: ` +
        "it answers with 404.",
    );
    expect(readdirSync(tools)).toEqual([]);
  });

  test("a server whose certificate nobody vouches for is not trusted", async () => {
    process.env["HTTPS_PROXY"] = login();
    delete process.env["SSL_CERT_FILE"];
    expect(await unreachable("https://get.pulumi.com")).toMatch(/self-signed certificate/i);
    process.env["NODE_EXTRA_CA_CERTS"] = proxy.certificate;
    expect(await unreachable("https://get.pulumi.com")).toBeUndefined();
    process.env["SSL_CERT_FILE"] = join(home, "none.pem");
    expect(await unreachable("https://get.pulumi.com")).toBe(
      `The file of certificates ${join(home, "none.pem")} can't be read`,
    );
  });
});

describe("the proxy for a URL", () => {
  const url = "https://get.pulumi.com";

  test.each([
    [{ HTTPS_PROXY: "http://upper:1" }, "http://upper:1/"],
    [{ https_proxy: "http://lower:1" }, "http://lower:1/"],
    [{ https_proxy: "", HTTPS_PROXY: "http://upper:1" }, "http://upper:1/"],
    [{ HTTPS_PROXY: "https://secure:1" }, "https://secure:1/"],
    // As curl and Go read it.
    [{ HTTPS_PROXY: "plain:3128" }, "http://plain:3128/"],
    [{ ALL_PROXY: "http://all:1" }, "http://all:1/"],
    [{ HTTP_PROXY: "http://other:1" }, undefined],
    [{ HTTPS_PROXY: "http://upper:1", NO_PROXY: "get.pulumi.com" }, undefined],
    [{ HTTPS_PROXY: "http://upper:1", no_proxy: ".pulumi.com" }, undefined],
    [{ HTTPS_PROXY: "http://upper:1", NO_PROXY: "*" }, undefined],
    [{}, undefined],
  ])("%j", (variables, expected) => {
    process.env = { ...variables };
    expect(proxyFor(url)?.href).toBe(expected);
  });

  test.each([
    ["socks5://bob:secret@proxy:1080", "socks5://proxy:1080"],
    ["http://bob:secret@:3128", "something else"],
  ])("%s is refused without its login", (value, shown) => {
    process.env = { HTTPS_PROXY: value };
    expect(() => proxyFor(url)).toThrow(
      `HTTPS_PROXY must be the URL of an HTTP proxy, got ${shown}.`,
    );
  });
});

describe("this machine's own servers", () => {
  const loopback = "localhost,127.0.0.1,::1,169.254.169.254";

  test("stay away from the proxy, in both spellings", () => {
    for (const name of ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY"]) {
      expect(unproxied({ [name]: "http://proxy:1" })).toEqual({
        NO_PROXY: loopback,
        no_proxy: loopback,
      });
    }
  });

  test("are added to what the user says, once", () => {
    const user = { HTTPS_PROXY: "http://proxy:1", NO_PROXY: "example.com, 127.0.0.1" };
    const all = "example.com,127.0.0.1,localhost,::1,169.254.169.254,registry";
    expect(unproxied(user, ["registry"])).toEqual({ NO_PROXY: all, no_proxy: all });
    expect(unproxied({ ...user, NO_PROXY: "*" })).toEqual({});
  });

  test("need nothing where there is no proxy", () => {
    expect(unproxied({ NO_PROXY: "example.com" })).toEqual({});
  });
});
