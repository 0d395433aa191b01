import {
  type Deployment,
  type Releases,
  type Shift,
  shiftTraffic,
} from "../../../components/lambda/traffic-shift";

const underWay: Deployment = {
  id: "d-1",
  status: "InProgress",
  version: "8",
  isRollback: false,
  error: undefined,
  rollbackId: undefined,
};
const succeeded = { ...underWay, status: "Succeeded" };
const alarm = "ALARM_ACTIVE: archive-release-errors-alarm";
const failed = { ...underWay, status: "Failed", error: alarm, rollbackId: "d-2" };
const rollback = { ...succeeded, id: "d-2", isRollback: true };

/** A CodeDeploy that answers with one look after the other, the last again and again. */
class FakeReleases implements Releases {
  readonly calls: string[] = [];
  /** For how long was waited. */
  slept = 0;
  running: readonly string[] = [];

  constructor(
    private live: string,
    private readonly looks: Record<string, Deployment[]>,
  ) {}

  async liveVersion() {
    return this.live;
  }
  async start(from: string, to: string) {
    this.calls.push(`start ${from} ${to}`);
    return "d-1";
  }
  async underWay() {
    return this.running;
  }
  async deployment(id: string) {
    const looks = this.looks[id] ?? [];
    const look = looks.length > 1 ? looks.shift() : looks[0];
    if (look === undefined) throw new Error(`nobody looks at ${id}`);
    if (look.status === "Succeeded" && !look.isRollback) this.live = look.version ?? "";
    return look;
  }
  async stop(id: string) {
    this.calls.push(`stop ${id}`);
    this.looks[id] = [{ ...underWay, id, status: "Stopped", rollbackId: "d-2" }];
  }
}

async function shift(releases: FakeReleases, args: Partial<Shift> = {}) {
  const said: string[] = [];
  const failure = await shiftTraffic(
    {
      functionName: "archive",
      version: "8",
      deadlineSeconds: 60,
      say: (message) => void said.push(message),
      sleep: async (seconds) => {
        releases.slept += seconds;
      },
      ...args,
    },
    releases,
  ).then(
    () => undefined,
    (error: Error) => error.message,
  );
  return { failure, said, calls: releases.calls, slept: releases.slept };
}

const takenBack = (why: string) =>
  `Version 8 of archive was taken back: ${why} (deployment d-1).\n` +
  "Version 7 serves. Mend the code, or take the change back, and update again.";

describe("shiftTraffic", () => {
  test("starts a deployment, and waits until all calls have gone over", async () => {
    const releases = new FakeReleases("7", { "d-1": [underWay, underWay, succeeded] });
    expect(await shift(releases)).toEqual({
      failure: undefined,
      said: ["deployment d-1 moves live from version 7 to 8", "live leads to version 8"],
      calls: ["start 7 8"],
      slept: 10,
    });
  });

  test("does nothing when the alias leads there already", async () => {
    expect(await shift(new FakeReleases("8", {}))).toEqual({
      failure: undefined,
      said: [],
      calls: [],
      slept: 0,
    });
  });

  test("fails with CodeDeploy's reason, when the rollback is done", async () => {
    const undoing = { ...rollback, status: "InProgress" };
    const releases = new FakeReleases("7", {
      "d-1": [underWay, failed],
      "d-2": [undoing, rollback],
    });
    expect(await shift(releases)).toEqual({
      failure: takenBack(alarm),
      said: ["deployment d-1 moves live from version 7 to 8"],
      calls: ["start 7 8"],
      slept: 10,
    });
  });

  test("fails without a reason where CodeDeploy gives none", async () => {
    const stopped = { ...underWay, status: "Stopped" };
    const { failure } = await shift(new FakeReleases("7", { "d-1": [stopped] }));
    expect(failure).toBe(takenBack("it was stopped"));
  });

  test("stops what takes too long", async () => {
    const releases = new FakeReleases("7", { "d-1": [underWay], "d-2": [rollback] });
    expect(await shift(releases)).toEqual({
      failure: takenBack("it was not done after 60 seconds"),
      said: [
        "deployment d-1 moves live from version 7 to 8",
        "deployment d-1 is not done after 60 seconds, and is stopped",
      ],
      calls: ["start 7 8", "stop d-1"],
      slept: 60,
    });
  });

  test("fails when even stopping takes too long", async () => {
    const releases = new FakeReleases("7", { "d-1": [underWay] });
    releases.stop = async () => {};
    const { failure, slept } = await shift(releases);
    expect(failure).toBe(
      "Deployment d-1 of archive can't be stopped: it was not done after 60 seconds.",
    );
    expect(slept).toBe(360);
  });

  describe("with a deployment that is under way", () => {
    const running = (releases: FakeReleases, ...ids: string[]) =>
      Object.assign(releases, { running: ids });

    test("waits for it, and starts no second", async () => {
      const releases = running(new FakeReleases("7", { "d-0": [underWay, succeeded] }), "d-0");
      expect(await shift(releases)).toEqual({
        failure: undefined,
        said: ["waiting for deployment d-0, which is under way already"],
        calls: [],
        slept: 5,
      });
    });

    test("fails with its reason, and does not try again", async () => {
      const looks = { "d-0": [{ ...failed, id: "d-0", rollbackId: undefined }] };
      const { failure, calls } = await shift(running(new FakeReleases("7", looks), "d-0"));
      expect(failure).toBe(takenBack(alarm).replace("d-1", "d-0"));
      expect(calls).toEqual([]);
    });

    test.each([
      ["another version's", { ...succeeded, version: "6" }, "start 6 8"],
      ["another version's that failed", { ...failed, version: "6" }, "start 7 8"],
      ["a rollback", { ...rollback, version: "8" }, "start 7 8"],
    ])("waits for the end of %s before it starts", async (_, other, started) => {
      const looks = { "d-0": [other], "d-1": [succeeded] };
      const { failure, calls } = await shift(running(new FakeReleases("7", looks), "d-0"));
      expect(failure).toBeUndefined();
      expect(calls).toEqual([started]);
    });
  });
});
