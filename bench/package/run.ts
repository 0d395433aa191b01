/** Does once what is measured: `run.ts WHAT SOURCE TARGET`. */
import { createWriteStream, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { bundledCode } from "../../components/lambda/bundled-code";
import { folderFiles } from "../../components/lambda/code";
import { packageFiles } from "../../components/lambda/package";

const [what = "", source = "", target = ""] = process.argv.slice(2);

const runs: Readonly<Record<string, () => unknown>> = {
  start: () => undefined,
  package: () => packageFiles("the folder", folderFiles(source)),
  archiver() {
    const archiver = createRequire(join(target, "package.json"))("archiver");
    const zip = archiver("zip");
    zip.pipe(createWriteStream(join(target, "archiver.zip")));
    zip.directory(source, false);
    return zip.finalize();
  },
  bundle() {
    const files = bundledCode(source).files({ runtime: "nodejs22.x", architecture: "arm64" });
    return packageFiles("the bundle", files);
  },
  esbuild() {
    const { outputFiles } = buildSync({
      entryPoints: [source],
      bundle: true,
      write: false,
      platform: "node",
      target: "node22",
      logLevel: "silent",
    });
    for (const { contents } of outputFiles) writeFileSync(join(target, "bundle.js"), contents);
  },
};

void runs[what]?.();
