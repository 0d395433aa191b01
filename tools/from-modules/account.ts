import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { duration } from "../support/steps";

const EVERY_MS = 10_000;

/** Tells every ten seconds how far a build has come, out of what go prints while it works. */
export class Account {
  private readonly began = Date.now();
  private readonly timer: NodeJS.Timeout;
  private fetched = 0;
  private compiled = 0;
  private readonly compiledPrograms = new Set<string>();
  /** How many packages there are, and which of them are programs, by import path. */
  private packages = 0;
  private programs: ReadonlySet<string> = new Set();

  /**
   * @param staging Where the programs appear when they are linked.
   */
  constructor(
    report: (line: string) => void,
    private readonly staging: string,
  ) {
    this.timer = setInterval(() => report(this.line()), EVERY_MS);
  }

  /** What the next `go build` has before it, by `go list`: "DEP_ONLY IMPORT_PATH" lines. */
  expect(listed: string): void {
    const lines = listed.trim().split("\n");
    this.packages = lines.length;
    this.compiled = 0;
    this.programs = new Set(
      lines.filter((line) => line.startsWith("false ")).map((line) => line.slice(6)),
    );
  }

  /** Takes a line of go's progress; false for anything else, which may be part of an error. */
  readonly takes = (line: string): boolean => {
    if (line.startsWith("go: downloading ")) {
      this.fetched++;
      return true;
    }
    if (!/^[\w./~-]+$/.test(line)) return false;
    this.compiled++;
    if (this.programs.has(line)) this.compiledPrograms.add(line);
    return true;
  };

  end(): void {
    clearInterval(this.timer);
  }

  private line(): string {
    const time = duration(Date.now() - this.began);
    const fetched = this.fetched > 0 ? [`${this.fetched} modules downloaded`] : [];
    if (this.packages === 0) return [`${time}: reading the modules`, ...fetched].join(", ");
    const isLinked = (path: string) => existsSync(join(this.staging, basename(path)));
    const programs = [...this.programs];
    const linking = programs.filter((path) => this.compiledPrograms.has(path) && !isLinked(path));
    const names = linking.map((path) => basename(path)).join(", ");
    return [
      `${time}: compiled ${this.compiled} of at most ${this.packages} packages`,
      `${programs.filter(isLinked).length} of ${programs.length} programs done`,
      ...(linking.length > 0 ? [`linking ${names}`] : []),
      ...fetched,
    ].join(", ");
  }
}
