/** One release, as CodeDeploy knows it. */
export interface Deployment {
  readonly id: string;
  /** CodeDeploy's word for how far it is. */
  readonly status: string;
  /** The version that it moves the calls to; unknown where CodeDeploy does not say. */
  readonly version: string | undefined;
  /** Whether CodeDeploy itself has started it, to take another one back. */
  readonly isRollback: boolean;
  /** Why it failed, in CodeDeploy's words. */
  readonly error: string | undefined;
  /** The deployment that takes it back. */
  readonly rollbackId: string | undefined;
}

/** What a release asks of AWS; each is about one alias of one function. */
export interface Releases {
  /** The version that the alias leads to. */
  liveVersion(): Promise<string>;
  /** Starts to move the calls from one version to another, and tells the deployment's ID. */
  start(from: string, to: string): Promise<string>;
  /** The IDs of the deployments that are under way. */
  underWay(): Promise<readonly string[]>;
  deployment(id: string): Promise<Deployment>;
  /** Stops a deployment and has it taken back. */
  stop(id: string): Promise<void>;
}

/** A release, and how to go about it. */
export interface Shift {
  /** The function's name, for messages. */
  readonly functionName: string;
  /** The version that the calls are to go to. */
  readonly version: string;
  readonly deadlineSeconds: number;
  /** Tells the user how far it is. */
  readonly say: (message: string) => void;
  /** Waits for so many seconds; tests don't. */
  readonly sleep: (seconds: number) => Promise<void>;
}

const secondsBetweenLooks = 5;
/** How long stopping or taking back may take, which is no more than moving an alias. */
const rollbackSeconds = 300;

/**
 * Moves the calls to a version by CodeDeploy, and waits until all of them have gone over. CodeDeploy
 * goes on when whoever waits is killed; the next one then waits for the same deployment.
 *
 * @throws {Error} with CodeDeploy's reason when the version was refused, and says what serves now
 */
export async function shiftTraffic(shift: Shift, releases: Releases): Promise<void> {
  for (const id of await releases.underWay()) {
    shift.say(`waiting for deployment ${id}, which is under way already`);
    const deployment = await ended(id, shift, releases);
    // Of another version or a rollback it only matters that it is over.
    if (deployment.version === shift.version && !deployment.isRollback) {
      await requireSuccess(deployment, shift, releases);
    }
  }
  const from = await releases.liveVersion();
  if (from === shift.version) return;
  const id = await releases.start(from, shift.version);
  shift.say(`deployment ${id} moves live from version ${from} to ${shift.version}`);
  await requireSuccess(await ended(id, shift, releases), shift, releases);
  shift.say(`live leads to version ${shift.version}`);
}

/** A deployment when it is over; one that takes too long is stopped. */
async function ended(id: string, shift: Shift, releases: Releases): Promise<Deployment> {
  const inTime = await endedWithin(shift.deadlineSeconds, id, shift, releases);
  if (inTime !== undefined) return inTime;
  shift.say(`deployment ${id} is not done after ${shift.deadlineSeconds} seconds, and is stopped`);
  await releases.stop(id);
  const stopped = await endedWithin(rollbackSeconds, id, shift, releases);
  const late = `it was not done after ${shift.deadlineSeconds} seconds`;
  if (stopped !== undefined) return { ...stopped, error: late };
  throw new Error(`Deployment ${id} of ${shift.functionName} can't be stopped: ${late}.`);
}

async function endedWithin(
  seconds: number,
  id: string,
  { sleep }: Shift,
  releases: Releases,
): Promise<Deployment | undefined> {
  for (let waited = 0; ; waited += secondsBetweenLooks) {
    const deployment = await releases.deployment(id);
    if (["Succeeded", "Failed", "Stopped"].includes(deployment.status)) return deployment;
    if (waited >= seconds) return undefined;
    await sleep(secondsBetweenLooks);
  }
}

async function requireSuccess(
  deployment: Deployment,
  shift: Shift,
  releases: Releases,
): Promise<void> {
  if (deployment.status === "Succeeded") return;
  const { id, error = `it was ${deployment.status.toLowerCase()}`, rollbackId } = deployment;
  if (rollbackId !== undefined) await endedWithin(rollbackSeconds, rollbackId, shift, releases);
  const version = await releases.liveVersion();
  throw new Error(
    `Version ${shift.version} of ${shift.functionName} was taken back: ${error} (deployment ${id}).\n` +
      `Version ${version} serves. Mend the code, or take the change back, and update again.`,
  );
}
