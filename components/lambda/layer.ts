import * as lambda from "@pulumi/aws/lambda";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentCheck } from "../arguments";
import { nameInStack } from "../name-in-stack";
import { componentName, matching, oneOf, textUpTo } from "../rules";
import { type Architecture, type CodeSource, packageCode } from "./code";
import { maxUnzippedBytes, mebibytes } from "./package";
import { runtimeIdentifier } from "./runtime";

const type = "groundwork:lambda:Layer";

/** Arguments of {@link Layer}. */
export interface LayerArgs {
  /**
   * What the layer brings: code that is put where its runtime looks for it, like
   * {@link pythonPackages}; or a folder or archive, which functions find in `/opt` as it is.
   * @see https://docs.aws.amazon.com/lambda/latest/dg/packaging-layers.html
   */
  readonly code: CodeSource;
  /**
   * The runtime of the functions that use it, like `python3.13`.
   * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
   */
  readonly runtime: string;
  /**
   * The processor of the functions that use it.
   * @default "arm64"
   */
  readonly architecture?: Architecture;
  /**
   * What the layer is for, shown in the console; 256 characters at the most.
   * @default nothing
   */
  readonly description?: pulumi.Input<string>;
}

/**
 * What several functions share, uploaded once: a version of a layer in AWS Lambda. When its content
 * changes there is another version, and the functions are updated to it; versions of functions that
 * use the one before go on working.
 *
 * Children: `name` (the version). In AWS its layer is called after project, stack and `name`.
 *
 * @example
 * const packages = new Layer("packages", {
 *   code: pythonPackages("apps/requirements.txt"),
 *   runtime: "python3.13",
 * });
 * new LambdaFunction("ship", {
 *   code: "apps/ship/src",
 *   handler: "handler.handler",
 *   runtime: "python3.13",
 *   layers: [packages],
 * });
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/chapter-layers.html
 */
export class Layer extends pulumi.ComponentResource {
  /** The layer's version itself. */
  readonly version: lambda.LayerVersion;
  /** ARN of the version, which functions take. */
  readonly arn: pulumi.Output<string>;
  /** The runtime of the functions that use it. */
  readonly runtime: string;
  /** The processor of the functions that use it. */
  readonly architecture: Architecture;
  /** What it is unzipped, in bytes. Of a ready-made archive it is not known. */
  readonly unzippedBytes: number | undefined;

  /** @throws {InvalidArgumentsError} for code that is missing, can't be built or is too large */
  constructor(name: string, args: LayerArgs, opts?: pulumi.ComponentResourceOptions) {
    const checked = checkArguments(name, args);
    super(type, name, {}, opts);

    this.version = new lambda.LayerVersion(
      name,
      {
        layerName: checked.layerName,
        description: checked.description,
        code: checked.code?.archive,
        compatibleRuntimes: [args.runtime],
        compatibleArchitectures: [checked.architecture],
      },
      { parent: this },
    );

    this.arn = this.version.arn;
    this.runtime = args.runtime;
    this.architecture = checked.architecture;
    this.unzippedBytes = checked.code?.unzippedBytes;
    this.registerOutputs({ arn: this.arn });
  }
}

function checkArguments(name: string, args: LayerArgs) {
  const check = new ArgumentCheck(type, name);
  check.known<LayerArgs>(args, {
    code: true,
    runtime: true,
    architecture: true,
    description: true,
  });
  check.input("name", name, componentName(50));
  check.required("runtime", args.runtime, runtimeIdentifier);
  const architecture = args.architecture ?? "arm64";
  check.input("architecture", architecture, oneOf("arm64", "x86_64"));
  // What is called alike in another stack would be a version of the same layer.
  const layerName = nameInStack(name);
  if (layerName.length > longestLayerName) {
    check.problem(
      `the layer is called ${layerName} in AWS, ${layerName.length} characters: give it a name that makes it ${longestLayerName} at most`,
    );
  }
  const code = packageCode(check, args.code, { runtime: args.runtime, architecture }, true);
  const description = check.input("description", args.description, textUpTo(256));
  check.throwIfAny();
  return { architecture, code, description, layerName };
}

/**
 * So that the ARN of a version has the 140 characters that it may have.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_PublishLayerVersion.html
 */
const longestLayerName = 80;

const layerVersionArn = matching(
  /^arn:aws[a-z-]*:lambda:[a-z0-9-]+:[0-9]+:layer:[A-Za-z0-9_-]+:[0-9]+$/,
  "a Layer, or the ARN of a layer's version, like arn:aws:lambda:eu-central-1:123456789012:layer:tools:3",
);

/**
 * Checks the layers of a function.
 *
 * @param target what the function runs in, where the layers have to run too
 * @param codeBytes what the function's own code is unzipped, where that is known
 * @returns the ARNs of their versions
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export function checkLayers(
  check: ArgumentCheck,
  given: readonly (Layer | pulumi.Input<string>)[] | undefined,
  target: { readonly runtime: pulumi.Input<string>; readonly architecture: Architecture },
  codeBytes = 0,
): readonly pulumi.Input<string>[] {
  const layers = check.list("layers", given);
  if (layers.length > 5) {
    check.problem(`layers are ${layers.length}: Lambda takes at most 5, so put some into one`);
  }
  const made = layers.filter((layer) => layer instanceof Layer);
  for (const each of ["runtime", "architecture"] as const) {
    const other = made.find((layer) => layer[each] !== target[each]);
    if (other !== undefined && typeof target[each] === "string") {
      check.problem(
        `layers has one for the ${each} ${other[each]}, and the function's is ${target[each]}: give one for that`,
      );
    }
  }
  const bytes = made.reduce((sum, layer) => sum + (layer.unzippedBytes ?? 0), codeBytes);
  if (bytes > maxUnzippedBytes && made.length > 0) {
    check.problem(
      `code and layers together are ${mebibytes(bytes)} unzipped, the code ${mebibytes(codeBytes)} of it: ` +
        `Lambda takes at most ${mebibytes(maxUnzippedBytes)}`,
    );
  }
  return layers.map((layer, index) =>
    layer instanceof Layer ? layer.arn : check.input(`layers[${index}]`, layer, layerVersionArn),
  );
}
