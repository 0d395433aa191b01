import { chmodSync, mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  digestOf,
  type ImagePlace,
  provideImagePlace,
  tagsIn,
  whyNoImages,
} from "./container-engine";
import { kubectl } from "./platform";
import { type Copy, copyProgram, removeCopy } from "./program";

// An image's life in order: each step needs the one before. It is really built and really pushed;
// where the nodes are simulated, only the pods that run it are not.
jest.setTimeout(5 * 60_000);

const reason = whyNoImages();
// Of a file in which all tests are skipped, Jest keeps what the console was told to itself.
if (reason !== undefined) {
  process.stderr.write(`The tests of images are LEFT OUT: ${reason}.\n`);
}

(reason === undefined ? describe : describe.skip)("an image", () => {
  let place: ImagePlace;
  let copy: Copy;
  let first: string;

  beforeAll(async () => {
    place = await provideImagePlace();
    copy = await copyProgram("test/integration/images-program.ts");
    const context = join(copy.directory, "context");
    mkdirSync(context);
    write("Dockerfile", "FROM scratch\nCOPY . /\n");
    write(".dockerignore", "notes\n");
    write("app.txt", "one\n");
    write("notes", "# one\n");
    await copy.stack.setConfig("images:registry", { value: place.registry });
    await rotatePassword();
  });

  afterAll(async () => {
    // Also after a failure nothing may stay, or the next run would not start from nothing.
    await copy?.stack.destroy({ refresh: true });
    removeCopy();
    await place?.stop();
  });

  function write(path: string, content: string): void {
    writeFileSync(join(copy.directory, "context", path), content);
  }

  function rotatePassword(): Promise<void> {
    return copy.stack.setConfig("images:password", { value: String(Math.random()), secret: true });
  }

  /** What an update did, what stayed the same left out. */
  async function update(): Promise<object> {
    const { summary } = await copy.stack.up();
    const { same: _, ...changes } = summary.resourceChanges ?? {};
    return changes;
  }

  /** What a preview announces, what stays the same left out. */
  async function preview(): Promise<object> {
    const { same: _, ...changes } = (await copy.stack.preview()).changeSummary;
    return changes;
  }

  /** What the cluster runs, and how often that was changed. */
  function running(): readonly [image: string | undefined, revision: string | undefined] {
    const { metadata, spec } = kubectl<{
      metadata: { annotations: Record<string, string> };
      spec: { template: { spec: { containers: readonly { image: string }[] } } };
    }>("get", "deployment", "web", "--namespace", "images");
    const revision = metadata.annotations["deployment.kubernetes.io/revision"];
    return [spec.template.spec.containers[0]?.image, revision];
  }

  test("is built, pushed, and deployed by the digest that the registry has", async () => {
    expect(await preview()).toEqual({ create: expect.any(Number) });
    expect(await tagsIn(place.registry, "web")).toEqual([]);
    expect(await update()).toEqual({ create: expect.any(Number) });
    const [tag, ...others] = await tagsIn(place.registry, "web");
    expect(others).toEqual([]);
    first = `${place.registry}/web@${await digestOf(place.registry, "web", tag)}`;
    expect(running()).toEqual([first, "1"]);
  });

  test("stays with other dates, another password and another file that is left out", async () => {
    utimesSync(join(copy.directory, "context/app.txt"), 1e9, 1e9);
    write("notes", "# two\n");
    await rotatePassword();
    expect(await preview()).toEqual({});
    expect(await update()).toEqual({});
    expect(running()).toEqual([first, "1"]);
  });

  test("is another one, deployed in one rollout, when a file changes", async () => {
    write("app.txt", "two\n");
    expect(await preview()).toEqual({ update: 2 });
    expect(await update()).toEqual({ update: 2 });
    const tags = await tagsIn(place.registry, "web");
    expect(tags).toHaveLength(2);
    const digests = await Promise.all(tags.map((tag) => digestOf(place.registry, "web", tag)));
    const [image, revision] = running();
    expect(digests.map((digest) => `${place.registry}/web@${digest}`).sort()).toEqual(
      [first, image].sort(),
    );
    expect(revision).toBe("2");
  });

  test("is another one when a file's mode changes", async () => {
    chmodSync(join(copy.directory, "context/app.txt"), 0o755);
    expect(await update()).toEqual({ update: 2 });
    expect(await tagsIn(place.registry, "web")).toHaveLength(3);
  });

  test("stays in the registry when the stack goes", async () => {
    await copy.stack.destroy();
    expect(await tagsIn(place.registry, "web")).toHaveLength(3);
  });
});
