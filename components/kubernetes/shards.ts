import * as pulumi from "@pulumi/pulumi";

/**
 * Refuses an update that takes shards away: what they hold would no longer be reached. Only the
 * engine knows how many there were, so it is asked to ask us, in previews too.
 *
 * @param subject the component, as errors name it
 * @param shards how many there are to be
 * @param reshardedFrom how many there were when the data was moved
 */
export function keepShards(
  subject: string,
  shards: number,
  reshardedFrom: number | undefined,
): pulumi.ResourceHookBinding {
  // The SDK's mocks say that they know hooks, and fail at the first.
  const monitor = pulumi.runtime.getMonitor() as { registerResourceHook?: unknown } | undefined;
  if (monitor?.registerResourceHook === undefined) return {};
  const hook = new pulumi.ResourceHook(
    `${subject} keeps its shards`,
    ({ oldInputs }) => {
      const problem = lostShards(oldInputs?.["spec"]?.replicas, shards, reshardedFrom);
      if (problem !== undefined) throw new Error(`${subject} can't be updated: ${problem}`);
    },
    { onDryRun: true },
  );
  return { beforeUpdate: [hook] };
}

/** What is wrong with a change of the number of shards; undefined when nothing is. */
export function lostShards(
  before: number | undefined,
  shards: number,
  reshardedFrom: number | undefined,
): string | undefined {
  if (before === undefined || before <= shards || before === reshardedFrom) return undefined;
  const lost = before - shards === 1 ? `shard ${shards}` : `shards ${shards} to ${before - 1}`;
  return (
    `shards was ${before} and would be ${shards}, and nobody would reach the data of ${lost}: ` +
    `move it first (docs/sharding.md says how), then also give reshardedFrom: ${before}`
  );
}
