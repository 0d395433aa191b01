import type { types } from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { ArgumentCheck } from "../arguments";
import {
  dnsLabel,
  environmentVariableName,
  imageReference,
  oneOf,
  text,
  trueOrFalse,
  wholeNumber,
} from "../rules";
import { folderPath } from "./names";
import { checkResources, type RequestsAndLimits, type Resources } from "./quantity";

/** What a container runs and may use. */
export interface ContainerArgs {
  /**
   * The image to run, best by digest: `repository@sha256:...`, as {@link ContainerImage} gives it.
   * A tag `latest`, or none, is refused: nobody could say what runs.
   */
  readonly image: pulumi.Input<string>;
  /**
   * When the node asks the registry: `Always` before each start of a pod, so that the right to
   * pull is checked also where the image is on the node already (its layers are not pulled again);
   * `IfNotPresent` where nodes have images that no registry has.
   * @default "Always"
   * @see https://kubernetes.io/docs/concepts/containers/images/#image-pull-policy
   */
  readonly imagePullPolicy?: "Always" | "IfNotPresent";
  /**
   * What is run, in place of the image's entry point.
   * @default what the image says
   */
  readonly command?: readonly string[];
  /**
   * The command's arguments, in place of those of the image.
   * @default what the image says
   */
  readonly args?: readonly string[];
  /**
   * What the container is promised.
   * @default like `limits`, else cpu 250m, memory 256Mi, ephemeral-storage 256Mi
   * @see https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
   */
  readonly requests?: Partial<Resources>;
  /**
   * What it may not exceed.
   * @default like `requests`: who is promised all that it takes is evicted last
   */
  readonly limits?: Partial<Resources>;
  /**
   * Folders that it may write to; the rest of its file system is read-only. They are empty at
   * first, and gone with the pod.
   * @default ["/tmp"]
   */
  readonly writablePaths?: readonly string[];
}

/** A container beside the main one, or before it. */
export interface Container extends ContainerArgs {
  /** Its name in the pod. */
  readonly name: string;
  /**
   * The port that a sidecar listens on, 1024 to 65535. What comes after it is started once it
   * accepts connections there.
   * @default none
   */
  readonly port?: number;
  /**
   * Its environment. Others can read it: secrets are refused.
   * @default none
   */
  readonly env?: Readonly<Record<string, pulumi.Input<string>>>;
  /**
   * Gives it all of the main container's configuration too, secrets included: variables, and
   * files at the same paths.
   * @default false
   */
  readonly inheritConfiguration?: boolean;
  /**
   * Folders of the main container's `writablePaths` that it writes to as well.
   * @default none
   */
  readonly sharedPaths?: readonly string[];
}

/** A container of which everything is said. */
export interface CheckedContainer extends RequestsAndLimits {
  readonly name: string;
  readonly image: pulumi.Input<string>;
  readonly imagePullPolicy: string;
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly writablePaths: readonly string[];
}

/** A container beside or before the main one, of which everything is said. */
export interface CheckedExtraContainer extends CheckedContainer {
  readonly port: number | undefined;
  readonly env: Readonly<Record<string, pulumi.Input<string>>>;
  readonly inheritConfiguration: boolean;
  readonly sharedPaths: readonly string[];
}

/** The names of a container's arguments, for `check.known`. */
export const containerArguments: Readonly<Record<keyof ContainerArgs, true>> = {
  image: true,
  imagePullPolicy: true,
  command: true,
  args: true,
  requests: true,
  limits: true,
  writablePaths: true,
};

/**
 * A container that can do little beyond its work: no privileges and no way to gain them, no
 * capabilities, nothing to write to but the named folders.
 *
 * @param rest what distinguishes it: its environment, ports, probes and mounts
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
 */
export function hardenedContainer(
  container: CheckedContainer,
  rest: Partial<types.input.core.v1.Container>,
): types.input.core.v1.Container {
  const { name, image, imagePullPolicy, command, args, requests, limits } = container;
  return {
    name,
    image,
    imagePullPolicy,
    ...(command.length > 0 && { command: [...command] }),
    ...(args.length > 0 && { args: [...args] }),
    securityContext: {
      allowPrivilegeEscalation: false,
      privileged: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
    resources: { requests: { ...requests }, limits: { ...limits } },
    ...rest,
  };
}

/**
 * Checks a container's arguments and completes them.
 * @param path what stands before the arguments' names in problems, like `sidecars[0].`
 */
export function checkContainer(
  check: ArgumentCheck,
  path: string,
  name: string,
  args: ContainerArgs,
): CheckedContainer {
  const writablePaths = check.listOf(
    `${path}writablePaths`,
    args.writablePaths ?? ["/tmp"],
    folderPath,
  );
  const imagePullPolicy = args.imagePullPolicy ?? "Always";
  check.plain(`${path}imagePullPolicy`, imagePullPolicy, oneOf("Always", "IfNotPresent"));
  return {
    name,
    image: check.required(`${path}image`, args.image, imageReference),
    imagePullPolicy,
    command: check.listOf(`${path}command`, args.command, text),
    args: check.listOf(`${path}args`, args.args, text),
    writablePaths: [...new Set(writablePaths)],
    ...checkResources(check, path, args),
  };
}

/** Checks a container that stands beside or before the main one, and completes its arguments. */
export function checkExtraContainer(
  check: ArgumentCheck,
  path: string,
  container: Container,
  main: CheckedContainer,
): CheckedExtraContainer {
  check.known<Container>(
    container,
    {
      ...containerArguments,
      name: true,
      port: true,
      env: true,
      inheritConfiguration: true,
      sharedPaths: true,
    },
    path,
  );
  check.required(`${path}name`, container.name, dnsLabel, { plain: true });
  check.plain(`${path}port`, container.port, wholeNumber(1024, 65_535));
  const env = check.texts(`${path}env`, container.env);
  for (const variable of Object.keys(env)) {
    const wrong = environmentVariableName(variable);
    if (wrong !== undefined) check.problem(`${path}env has a variable "${variable}": ${wrong}`);
  }
  const checked = checkContainer(check, path, container.name, container);
  const sharedPaths = [...new Set(check.list(`${path}sharedPaths`, container.sharedPaths))];
  const inheritConfiguration = container.inheritConfiguration ?? false;
  check.plain(`${path}inheritConfiguration`, inheritConfiguration, trueOrFalse);
  for (const shared of sharedPaths) {
    if (!main.writablePaths.includes(shared)) {
      check.problem(
        `${path}sharedPaths has "${shared}": name it in the writablePaths of the main container too`,
      );
    }
  }
  return {
    ...checked,
    port: container.port,
    env: check.noSecrets(`${path}env`, env, "give it in secrets and inherit them"),
    inheritConfiguration,
    sharedPaths,
    // What it shares is in place of a folder of its own.
    writablePaths: checked.writablePaths.filter((own) => !sharedPaths.includes(own)),
  };
}
