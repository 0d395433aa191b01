import type * as lambda from "@pulumi/aws/lambda";
import type * as pulumi from "@pulumi/pulumi";
import type { ArgumentCheck } from "../arguments";
import type { ContainerImage } from "../registry/container-image";
import { matching, text } from "../rules";
import { isLater } from "../values";

/** What a function that is a container image runs. */
export interface ImageArgs {
  /**
   * The image, by digest, from a repository in Amazon ECR in the function's region:
   * a {@link ContainerImage} or a reference. It must be built for the function's `architecture`:
   * `platform: "linux/arm64"`.
   * @see https://docs.aws.amazon.com/lambda/latest/dg/images-create.html
   */
  readonly image: ContainerImage | pulumi.Input<string>;
  /**
   * What the image's entry point is given, as the handler is in the images of AWS: so one image
   * can serve several functions.
   * @default what the image says
   */
  readonly command?: readonly string[];
  /**
   * What is run, in place of the image's own entry point.
   * @default what the image says
   */
  readonly entryPoint?: readonly string[];
}

/** The names of an image's arguments, for `check.known`. */
export const imageArguments: Readonly<Record<keyof ImageArgs, true>> = {
  image: true,
  command: true,
  entryPoint: true,
};

/**
 * Lambda takes images from ECR alone. A tag could come to mean another image, which no update
 * would see.
 */
const ecrImage = matching(
  /^\d{12}\.dkr[.-]ecr\.[a-z0-9-]+\.(amazonaws\.com(\.cn)?|on\.aws|on\.amazonwebservices\.com\.cn)\/[a-z0-9._/-]+(:[\w.-]+)?@sha256:[0-9a-f]{64}$/,
  "an image in Amazon ECR with its digest, like 123456789012.dkr.ecr.eu-central-1.amazonaws.com/ship@sha256:...",
);

/** Checks an image. */
export function checkImage(check: ArgumentCheck, args: ImageArgs): Partial<lambda.FunctionArgs> {
  const { image } = args;
  const command = check.listOf("command", args.command, text);
  const entryPoint = check.listOf("entryPoint", args.entryPoint, text);
  return {
    packageType: "Image",
    imageUri: check.input("image", reference(image), ecrImage),
    ...(command.length + entryPoint.length > 0 && {
      imageConfig: { commands: [...command], entryPoints: [...entryPoint] },
    }),
  };
}

function reference(image: ImageArgs["image"]): pulumi.Input<string> {
  return isComponent(image) ? image.ref : image;
}

/** Written by hand: the compiler can't tell an Output from a component. */
function isComponent(image: ImageArgs["image"]): image is ContainerImage {
  const given = image as pulumi.Input<string> | null;
  return typeof given === "object" && given !== null && !isLater(given) && "ref" in given;
}
