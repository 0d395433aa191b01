import { lostShards } from "../../../components/kubernetes/shards";

describe("the number of shards", () => {
  test.each([
    ["a new service", undefined, 3, undefined],
    ["the same", 3, 3, undefined],
    ["more", 3, 5, undefined],
    ["fewer, of which the data was moved", 5, 3, 5],
    ["the same, once that has been done", 3, 3, 5],
  ])("default may be that of %s", (_, before, shards, reshardedFrom) => {
    expect(lostShards(before, shards, reshardedFrom)).toBeUndefined();
  });

  test.each([
    [4, 3, undefined, "shard 3"],
    [5, 3, undefined, "shards 3 to 4"],
    // What was moved once says nothing of the next time.
    [3, 2, 5, "shard 2"],
    [6, 3, 5, "shards 3 to 5"],
  ])("fails when %p become %p, resharded from %p", (before, shards, reshardedFrom, lost) => {
    expect(lostShards(before, shards, reshardedFrom)).toBe(
      `shards was ${before} and would be ${shards}, and nobody would reach the data of ${lost}: ` +
        `move it first (docs/sharding.md says how), then also give reshardedFrom: ${before}`,
    );
  });
});
