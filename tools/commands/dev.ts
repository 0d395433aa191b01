import { webImage } from "../../stacks/images";
import { Cluster } from "../cluster/cluster";
import { followFunctions, followPods, type Print } from "../dev/logs";
import { Session } from "../dev/session";
import { watchTree } from "../dev/watch";
import { imageTag } from "../platform/built-image";
import { recordedPlatform } from "../platform/platform";
import { Preparation } from "../preparation";
import { useCredentials } from "../recorded";
import { Failure } from "../support/failure";
import { nextInterruption } from "../support/interruption";
import { runSteps } from "../support/steps";
import { target } from "../support/target";
import { print as printLine } from "../support/terminal";
import type { Command } from "./command";
import { updateLocally } from "./up";

/** `make dev`: brings a local stack up, then each change that is saved, until Ctrl-C. */
export const dev: Command = async ({ here, stack: name, args }) => {
  const prepared = new Preparation(here, name);
  if (!prepared.isLocal) {
    throw new Failure(`make dev is for local environments, and ${name} is in the cloud.`, [
      `\`${target("preview", name)}\` and \`${target("up", name)}\` bring changes there.`,
    ]);
  }
  await runSteps([
    ...prepared.everything(),
    { title: "pulumi up", run: () => updateLocally(prepared.stack, args) },
  ]);
  const { stack } = prepared;
  const platform = recordedPlatform(here);
  if (platform === undefined) throw new Error("the platform is not on record");
  useCredentials(stack);
  const session = new Session(stack, {
    region: platform.awsRegion,
    buildsImages: platform.imageRegistry !== undefined,
    imageTag: () => (platform.webImage === undefined ? undefined : imageTag(here, webImage)),
    buildImage: async () => {
      await prepared.rebuildImages();
      return prepared.stack;
    },
    update: () => updateLocally(prepared.stack, args),
    say: (line) => print("dev", line),
  });
  await session.begin();
  const watcher = await watchTree(here.root, (paths) => session.changed(paths));
  const following = new AbortController();
  const state = () => session.deployed;
  const simulated = platform.cluster === "simulated";
  const logs = [followFunctions(state, platform.awsRegion, print, following.signal)];
  if (!simulated) {
    logs.push(followPods(await Cluster.of(stack, state()), state, print, following.signal));
  }
  print("dev", "watching; Ctrl-C ends it, and the stack stays up");
  if (simulated) print("dev", "pods have no logs: the cluster is simulated");
  await nextInterruption();
  print("dev", "ending; Ctrl-C once more cuts it off");
  await watcher.close();
  try {
    await session.end();
  } finally {
    following.abort();
    await Promise.all(logs);
  }
};

/** The sources' names in a column. */
const print: Print = (source, line) => printLine(`${source.padEnd(8)} | ${line}`);
