import { chmodSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { hashBuildContext } from "../../../components/registry/build-context";
import { makeFolder } from "../../support/folders";

// What holds for every build context. Runs are few, since each makes folders of its own.
const few = { numRuns: 25 };

const settings = {
  dockerfile: "Dockerfile",
  target: undefined,
  platforms: ["linux/amd64"],
  buildKit: false,
  secretNames: [],
  buildArgs: {},
};

interface Entry {
  readonly path: string;
  readonly content: string;
  readonly mode: number;
  readonly link: boolean;
}

const name = fc.stringMatching(/^[a-zA-Z0-9é_-]{1,4}$/);
// Folders and files are named apart, so that no path is both.
const path = fc
  .tuple(
    fc.array(
      name.map((each) => `d${each}`),
      { maxLength: 2 },
    ),
    name,
  )
  .map(([folders, file]) => [...folders, `f${file}`].join("/"));
const entry: fc.Arbitrary<Entry> = fc.record({
  path,
  content: fc.string({ maxLength: 20 }),
  mode: fc.constantFrom(0o644, 0o755, 0o600, 0o664),
  link: fc.boolean(),
});
const entries = fc.uniqueArray(entry, {
  selector: (each) => each.path,
  minLength: 1,
  maxLength: 8,
});

/** A folder with these files, made in this order; links lead to the Dockerfile. */
function context(list: readonly Entry[], ignore = ""): string {
  const folder = makeFolder({ Dockerfile: "FROM scratch\n", ".dockerignore": ignore });
  for (const { path: file, content, mode, link } of list) {
    const place = join(folder, file);
    mkdirSync(dirname(place), { recursive: true });
    if (link) {
      symlinkSync(`${"../".repeat(file.split("/").length - 1)}Dockerfile`, place);
    } else {
      writeInto(place, content, mode);
    }
  }
  return folder;
}

function writeInto(place: string, content: string, mode: number) {
  writeFileSync(place, content);
  chmodSync(place, mode);
}

const hash = (folder: string) => hashBuildContext(folder, settings);

describe("hashBuildContext", () => {
  test("is the same in any order of making, at any place and with any dates", () => {
    fc.assert(
      fc.property(entries, fc.integer({ min: 0, max: 2 ** 31 }), (list, date) => {
        const other = context(list.toReversed());
        for (const each of list.filter(({ link }) => !link)) {
          utimesSync(join(other, each.path), date, date);
        }
        expect(hash(other)).toBe(hash(context(list)));
      }),
      few,
    );
  });

  test("is another one for another content, mode, name, kind or number of files", () => {
    const changes: readonly ((first: Entry) => readonly Entry[])[] = [
      (first) => [{ ...first, link: false, content: `${first.content}!` }],
      (first) => [{ ...first, link: false, mode: first.mode ^ 0o100 }],
      (first) => [{ ...first, path: `${first.path}-renamed` }],
      (first) => [{ ...first, link: !first.link }],
      (first) => [first, { ...first, path: "another" }],
      () => [],
    ];
    fc.assert(
      fc.property(entries, fc.constantFrom(...changes), ([first, ...rest], change) => {
        const plain = { ...(first as Entry), link: false };
        expect(hash(context([...change(plain), ...rest]))).not.toBe(
          hash(context([plain, ...rest])),
        );
      }),
      few,
    );
  });

  test("does not see what is left out, whatever it is", () => {
    const ignores = [
      "left",
      "left/",
      "/left",
      "left/**",
      "**/left",
      "le*",
      "*\n!d*\n!f*\n!.dockerignore",
    ];
    fc.assert(
      fc.property(entries, entries, fc.constantFrom(...ignores), (list, hidden, ignore) => {
        const below = hidden.map((each) => ({ ...each, path: `left/${each.path}` }));
        expect(hash(context([...list, ...below], ignore))).toBe(hash(context(list, ignore)));
      }),
      few,
    );
  });

  test("sees what is let in again, and nothing beside it", () => {
    fc.assert(
      fc.property(
        entry,
        entry,
        fc.constantFrom("left\n!left/kept", "**\n!left/kept\n!.dockerignore"),
        (kept, hidden, ignore) => {
          const at = (path: string, each: Entry) => ({
            ...each,
            path: `left/${path}`,
            link: false,
          });
          const before = hash(context([at("kept", kept)], ignore));
          expect(hash(context([at("kept", kept), at("other", hidden)], ignore))).toBe(before);
          const changed = { ...kept, content: `${kept.content}!` };
          expect(hash(context([at("kept", changed)], ignore))).not.toBe(before);
        },
      ),
      few,
    );
  });

  test("asks the Dockerfile's own list where there is one", () => {
    fc.assert(
      fc.property(entry, (hidden) => {
        const lists = (own: string): Entry[] => [
          { path: "Dockerfile.dockerignore", content: own, mode: 0o644, link: false },
        ];
        const below = { ...hidden, path: `left/${hidden.path}` };
        expect(hash(context([...lists("left"), below], ""))).toBe(hash(context(lists("left"), "")));
        expect(hash(context([...lists(""), below], "left"))).not.toBe(
          hash(context(lists(""), "left")),
        );
      }),
      few,
    );
  });
});
