import { join } from "node:path";
import { hashBuildContext } from "../../components/registry/build-context";
import { Failure } from "../support/failure";
import { readText } from "../support/files";
import type { Layout } from "../support/layout";
import { record } from "../support/programs";
import { say } from "../support/steps";
import { removeOldStages } from "./build-stages";

/** The platform that `ContainerImage` builds for unless it is given another. */
const PLATFORM = "linux/amd64";

/** The forms in which a registry may have an image. */
const MANIFESTS = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

/** An image of the program: its name, and the folder within the tree that it is built from. */
interface ProgramImage {
  readonly name: string;
  readonly context: string;
}

/**
 * Builds an image by the container engine's own command and pushes it, where the docker plugin
 * can't be had. What it is built from decides its tag, so an unchanged one is neither built nor
 * pushed again.
 * @returns the reference, by digest
 */
export async function buildImage(
  here: Layout,
  registry: string,
  image: ProgramImage,
  podman: boolean,
): Promise<string> {
  const { name, context } = image;
  const repository = `${registry}/${name}`;
  const folder = join(here.root, context);
  const tag = imageTag(here, image);
  const known = await pushedDigest(registry, name, tag);
  if (known !== undefined) {
    say(`Image ${name}: ${repository}:${tag} is built already`);
    return `${repository}@${known}`;
  }
  say(`Image ${name}: built from ${context} by \`docker build\`: the docker plugin can't be had`);
  const log = (step: string) => join(here.logs, `${step}-${name}.log`);
  const run = (step: string, ...args: readonly string[]) =>
    record("docker", [step, ...args], { log: log(step), what: `docker ${step}` });
  try {
    await run("build", "--platform", PLATFORM, "--tag", `${repository}:${tag}`, folder);
  } finally {
    await removeOldStages(here, name, readText(log("build")) ?? "");
  }
  // Podman takes no registry for a local one by its name.
  await run("push", ...(podman ? ["--tls-verify=false"] : []), `${repository}:${tag}`);
  const digest = await pushedDigest(registry, name, tag);
  if (digest !== undefined) return `${repository}@${digest}`;
  throw new Failure(`${repository}:${tag} was pushed, but the local registry doesn't have it.`, [
    "`make logs` shows the log of the build, `docker logs` that of the registry.",
  ]);
}

/** The tag of an image that is built from the files as they are now. */
export function imageTag(here: Layout, { context }: ProgramImage): string {
  return hashBuildContext(join(here.root, context), {
    dockerfile: "Dockerfile",
    target: undefined,
    platforms: [PLATFORM],
    buildKit: false,
    secretNames: [],
    buildArgs: {},
  }).slice(0, 12);
}

/** The digest by which a registry knows a tag; undefined when it has none. */
async function pushedDigest(
  registry: string,
  name: string,
  tag: string,
): Promise<string | undefined> {
  const url = `http://${registry.replace("localhost", "127.0.0.1")}/v2/${name}/manifests/${tag}`;
  const answer = await fetch(url, { method: "HEAD", headers: { Accept: MANIFESTS } });
  return (answer.ok && answer.headers.get("docker-content-digest")) || undefined;
}
