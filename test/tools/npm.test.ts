import { readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(__dirname, "../..");

test("npm runs no install scripts, which would download programs unseen", () => {
  expect(readFileSync(join(root, ".npmrc"), "utf8")).toMatch(/^ignore-scripts=true$/m);
});

test("the packages that have an install script are known to work without it", () => {
  const lock: {
    readonly packages: Readonly<Record<string, { readonly hasInstallScript?: boolean }>>;
  } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
  const scripted = Object.entries(lock.packages).flatMap(([path, { hasInstallScript }]) =>
    hasInstallScript === true ? [path.replace(/^.*node_modules\//, "")] : [],
  );
  expect(scripted.sort()).toEqual([
    // A native watcher, which comes as an optional package.
    "@parcel/watcher",
    // These two would install their plugins, for which the tools choose a source.
    "@pulumi/docker-build",
    "@pulumi/kubernetes",
    // Programs that come as optional packages; their scripts are for older versions of npm.
    "@swc/core",
    "esbuild",
    // It says something about versions.
    "protobufjs",
  ]);
});
