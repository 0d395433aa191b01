import { realpathSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { type BuildFailure, type BuildOptions, buildSync, type Location } from "esbuild";
import type { Code } from "./code";

/** Options of {@link bundledCode}. */
export interface BundledCodeOptions {
  /**
   * What kind of module the bundle is. ES modules may await at their top.
   * @default "cjs", in which every dependency runs: many use `__dirname`
   */
  readonly format?: "cjs" | "esm";
  /**
   * Whether names and blanks are shortened: it loads a little faster, and a stack trace says little.
   * @default false
   */
  readonly minify?: boolean;
  /**
   * Whether a source map is packed, and the function's `NODE_OPTIONS` say to use it: stack traces
   * then name files and lines of the sources. Each error takes longer for it.
   * @default false
   * @see https://docs.aws.amazon.com/lambda/latest/dg/typescript-package.html
   */
  readonly sourceMap?: boolean;
  /**
   * What is not bundled because a layer brings it, like `sharp` or `@acme/*`.
   * @default nothing
   * @see https://esbuild.github.io/api/#external
   */
  readonly external?: readonly string[];
  /**
   * Whether the AWS SDK is bundled too.
   * @default false: the runtime has its own, whose version AWS chooses
   * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-package.html#nodejs-package-dependencies
   */
  readonly packSdk?: boolean;
}

/**
 * TypeScript or JavaScript, bundled by esbuild into one file with all that it imports, in the
 * language of the function's version of Node.js. The file is named after the entry: of
 * `src/index.ts` the handler is `index.handler`. Types are not checked.
 *
 * @param entry path of the file that exports the handler, from where the program runs
 * @example
 * code: bundledCode("apps/hook/src/index.ts", { sourceMap: true }),
 *
 * @see https://esbuild.github.io
 */
export function bundledCode(entry: string, options: BundledCodeOptions = {}): Code {
  return {
    subject: `the bundle of ${entry}`,
    language: "nodejs",
    environment: options.sourceMap ? { NODE_OPTIONS: "--enable-source-maps" } : {},
    files({ runtime }) {
      const version = /^nodejs(\d+)\.x$/.exec(runtime)?.[1];
      if (version === undefined) {
        throw new Error(
          `it is for Node.js, and the runtime is ${runtime}: give one like nodejs22.x`,
        );
      }
      return bundle(entry, `node${version}`, options).map(({ path, contents }) => ({
        path: basename(path),
        executable: false,
        size: contents.length,
        read: () => contents,
      }));
    },
  };
}

function bundle(entry: string, target: string, options: BundledCodeOptions) {
  if (!statSync(entry, { throwIfNoEntry: false })?.isFile()) {
    throw new Error(`${entry} is no file: give its path from where the program runs`);
  }
  const source = realpathSync(entry);
  const folder = dirname(source);
  try {
    return buildSync({
      entryPoints: [source],
      bundle: true,
      write: false,
      platform: "node",
      target,
      ...formats[options.format ?? "cjs"],
      minify: options.minify ?? false,
      sourcemap: options.sourceMap ?? false,
      // They would only be shown by debuggers, and are most of a map.
      sourcesContent: false,
      external: [
        ...(options.packSdk ? [] : ["@aws-sdk/*", "@smithy/*"]),
        ...(options.external ?? []),
      ],
      // Comments and source maps have paths from here: wherever the checkout is, they are the same.
      absWorkingDir: folder,
      outdir: folder,
      logLevel: "silent",
    }).outputFiles;
  } catch (error) {
    throw new Error(
      `${entry} can't be bundled: ${problems(error as BuildFailure, dirname(entry))}`,
    );
  }
}

const formats = {
  // In CommonJS it is empty, and what uses it fails in the first call.
  cjs: { format: "cjs", logOverride: { "empty-import-meta": "error" } },
  esm: {
    format: "esm",
    outExtension: { ".js": ".mjs" },
    // For dependencies in CommonJS, which require what Node.js brings.
    banner: {
      js: 'import { createRequire as $createRequire } from "node:module"; const require = $createRequire(import.meta.url);',
    },
  },
} satisfies Readonly<Record<"cjs" | "esm", BuildOptions>>;

/** What esbuild says, each with its place. */
function problems({ errors, message }: BuildFailure, folder: string): string {
  if (!Array.isArray(errors)) return message;
  const place = ({ file, line }: Location) => `${join(folder, file)}:${line}: `;
  return errors.map(({ text, location }) => `${location ? place(location) : ""}${text}`).join("; ");
}
