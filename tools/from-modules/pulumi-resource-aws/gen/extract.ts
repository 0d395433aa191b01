/**
 * Reads an installed @pulumi/aws and writes what the plugin must match, as JSON to standard output:
 * every resource and function token with the names and shapes of its properties. They are read from
 * the package's declarations, because the package carries no schema.
 *
 *     tsx extract.ts node_modules/@pulumi/aws >sdk.json
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** "s" string, "n" number, "b" boolean, "any", "A" asset or archive; `a` array, `m` map, `r` type. */
type Shape = "s" | "n" | "b" | "any" | "A" | { a: Shape } | { m: Shape } | { r: string };
type Properties = Record<string, { o?: true; t: Shape }>;

const [root] = process.argv.slice(2);
if (root === undefined) throw new Error("usage: extract.ts FOLDER_OF_@pulumi/aws");

const sdk = {
  version: (JSON.parse(read("package.json")) as { version: string }).version,
  resources: {} as Record<string, { state: Properties; args: Properties }>,
  functions: {} as Record<string, { args: Properties; result: Properties }>,
  in: interfaces(read("types/input.d.ts")),
  out: interfaces(read("types/output.d.ts")),
  provider: {} as Properties,
};

for (const entry of readdirSync(root, { recursive: true, encoding: "utf8" })) {
  if (!entry.endsWith(".js") || /(^|\/)(node_modules|types)\//.test(entry)) continue;
  const code = read(entry);
  const declared = () => interfaces(read(entry.replace(/\.js$/, ".d.ts")));
  const resource = /__pulumiType = '(aws:[^']+)'/.exec(code)?.[1];
  const fn = /runtime\.invoke\("(aws:[^"]+)"/.exec(code)?.[1];
  if (resource !== undefined) {
    const [types, name] = [declared(), lastPart(resource)];
    sdk.resources[resource] = {
      state: types[`${name}State`] ?? {},
      args: types[`${name}Args`] ?? {},
    };
  } else if (fn !== undefined) {
    const [types, last] = [declared(), lastPart(fn)];
    const name = last.charAt(0).toUpperCase() + last.slice(1);
    sdk.functions[fn] = { args: types[`${name}Args`] ?? {}, result: types[`${name}Result`] ?? {} };
  } else if (code.includes("__pulumiType = 'aws'")) {
    sdk.provider = declared()["ProviderArgs"] ?? {};
  }
}
process.stdout.write(JSON.stringify(sdk));

function read(path: string): string {
  return readFileSync(join(root ?? "", path), "utf8");
}

function lastPart(token: string): string {
  return token.split(":")[2] ?? "";
}

/** The interfaces and classes of a declaration file with their properties, by qualified name. */
function interfaces(text: string): Record<string, Properties> {
  const out: Record<string, Properties> = {};
  let namespace = "";
  let open: { properties: Properties; indent: string } | undefined;
  let field: { name: string; optional: boolean; type: string } | undefined;
  for (const line of text.replace(/\/\*[\s\S]*?\*\//g, "").split("\n")) {
    if (open === undefined) {
      const space = /^export declare namespace (\w+) \{/.exec(line)?.[1];
      const start = /^(\s*)(?:export )?(?:declare )?(?:interface|class) (\w+).*\{\s*$/.exec(line);
      if (space !== undefined) namespace = `${space}.`;
      else if (line === "}") namespace = "";
      else if (start?.[2] !== undefined) {
        open = { properties: {}, indent: start[1] ?? "" };
        out[namespace + start[2]] = open.properties;
      }
      continue;
    }
    if (line === `${open.indent}}`) {
      open = undefined;
      field = undefined;
      continue;
    }
    if (field !== undefined) {
      field.type += ` ${line.trim()}`;
    } else if (line.startsWith(`${open.indent}    `)) {
      const m = /^(?:readonly )?(\w+)(\?)?: (.*)$/.exec(line.slice(open.indent.length + 4));
      if (m?.[1] === undefined || m[3] === undefined) continue;
      field = { name: m[1], optional: m[2] !== undefined, type: m[3] };
    } else continue;
    if (!field.type.endsWith(";") || count(field.type, "{") !== count(field.type, "}")) continue;
    const t = shape(field.type.slice(0, -1));
    open.properties[field.name] = field.optional ? { o: true, t } : { t };
    field = undefined;
  }
  return out;
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}

/** Reduces a declared type to its shape. Input<> and Output<> are only brackets around it. */
function shape(declared: string): Shape {
  const text = declared
    .replace(/pulumi\.(Input|Output)</g, "(")
    .replace(/>/g, ")")
    .replace(/\s+/g, " ");
  const alternatives = split(unwrap(text.trim())).filter(
    (x) => x !== "" && x !== "undefined" && !x.startsWith("enums."),
  );
  const [first] = alternatives;
  if (first === undefined) return "s"; // only enums
  if (alternatives.some((x) => x.startsWith("pulumi.asset."))) return "A";
  if (alternatives.includes("string")) return "s";
  if (first.endsWith("[]")) return { a: shape(first.slice(0, -2)) };
  if (first.startsWith("{")) {
    const values = /^\{ ?\[key: string\]: (.*?);? ?\}$/.exec(first)?.[1];
    return { m: values === undefined ? "any" : shape(values) };
  }
  if (first.startsWith("(")) return shape(first);
  if (first === "number") return "n";
  if (first === "boolean") return "b";
  if (first === "any") return "any";
  const ref = /^(?:inputs|outputs)\.(.*)$/.exec(first)?.[1];
  return ref === undefined ? "s" : { r: ref }; // the rest are ARNs and other resources' IDs
}

/** Drops brackets around the whole. */
function unwrap(text: string): string {
  if (!text.startsWith("(")) return text;
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === "(") depth++;
    if (text[i] === ")" && --depth === 0) {
      return i === text.length - 1 ? unwrap(text.slice(1, -1).trim()) : text;
    }
  }
  return text;
}

/** Splits a union at the bars that are not inside brackets. */
function split(text: string): string[] {
  const out: string[] = [];
  let depth = 0;
  let part = "";
  for (const character of text) {
    if (character === "{" || character === "(") depth++;
    if (character === "}" || character === ")") depth--;
    if (character === "|" && depth === 0) {
      out.push(part.trim());
      part = "";
    } else part += character;
  }
  return [...out, part.trim()];
}
