import { existsSync, readdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { ExportedStack } from "../cut-off";
import { exportStack, type Stack } from "../stack";
import { Failure } from "../support/failure";
import { duration } from "../support/steps";
import { forgetCodeAhead, functionsAhead, noteAhead } from "./ahead";
import { deployedFunction, LiveFunctions } from "./live-functions";
import { Program } from "./program";
import type { Answer } from "./recorder";
import { difference, type Registrations } from "./registrations";
import { syntaxErrors } from "./syntax";

/** What a session needs from the command that runs it. */
export interface SessionOptions {
  readonly region: string;
  /** Whether images are built here; else they are taken by reference. */
  readonly buildsImages: boolean;
  /** The tag of the image that is built before an update; undefined where pulumi builds it or none. */
  imageTag(): string | undefined;
  /**
   * Builds that image; throws a {@link Failure} when it fails.
   * @returns the stack with the image in its environment
   */
  buildImage(): Promise<Stack>;
  /** Updates the stack with the engine; throws a {@link Failure} when that fails. */
  update(): Promise<void>;
  say(line: string): void;
}

/** Keeps a stack like the files of its program while they change. */
export class Session {
  private program: Program;
  private state: ExportedStack = {};
  private live: LiveFunctions | undefined;
  /** What is deployed. */
  private current: Registrations | undefined;
  private imageTag: string | undefined;
  /** The files that the program is made of, config included. */
  private programFiles = new Set<string>();
  private waiting = new Map<string, number>();
  private work: Promise<void> = Promise.resolve();
  private ended = false;

  constructor(
    private stack: Stack,
    private readonly options: SessionOptions,
  ) {
    this.program = new Program(stack);
  }

  /** The stack's state as it was after the last update. */
  get deployed(): ExportedStack {
    return this.state;
  }

  /** Learns what is deployed: the stack is up to date now. */
  async begin(): Promise<void> {
    this.live = await LiveFunctions.at(this.options.region);
    this.imageTag = this.options.imageTag();
    await this.learn(await this.program.ask());
  }

  /** Takes files that were saved. They wait while others are at work. */
  changed(paths: readonly string[]): void {
    for (const path of paths) this.waiting.set(path, Date.now());
    this.work = this.work.then(() => this.handle());
  }

  /** Ends what is under way, and brings the state up to date if it is behind. */
  async end(): Promise<void> {
    this.ended = true;
    try {
      await this.work;
      if (functionsAhead(this.stack.here, this.stack.name).length === 0) return;
      this.options.say("one update brings the stack's state up to date");
      await this.updateStack();
    } finally {
      this.program.forget();
    }
  }

  private async handle(): Promise<void> {
    if (this.waiting.size === 0 || this.ended) return;
    const saved = Math.min(...this.waiting.values());
    const paths = [...this.waiting.keys()];
    this.waiting.clear();
    try {
      if (paths.some((path) => this.programFiles.has(path))) {
        this.program.forget();
        await this.updateStack(paths.filter((path) => this.programFiles.has(path)));
      } else {
        await this.apply(paths, saved);
      }
    } catch (error) {
      const lines = error instanceof Failure ? [error.message, ...error.next] : [String(error)];
      for (const line of lines) this.options.say(line);
    }
  }

  /** Finds out what the saved files change, and changes that. */
  private async apply(paths: readonly string[], saved: number): Promise<void> {
    const { here } = this.stack;
    const [{ registrations, problem }, wrong] = await Promise.all([
      this.program.ask(),
      syntaxErrors(here, paths),
    ]);
    if (registrations === undefined || this.current === undefined) {
      this.options.say(problem ?? "the program can't be run");
      return;
    }
    const { functions, others } = difference(this.current, registrations);
    const updates = others.length > 0 || this.options.imageTag() !== this.imageTag;
    if (functions.length === 0 && !updates) {
      this.sayWhatIsNotBuilt(paths);
      return;
    }
    if (wrong.length > 0) {
      for (const line of wrong) this.options.say(line);
      this.options.say("Not live; what was live before stays. Save it again when it is right.");
      return;
    }
    if (updates) {
      await this.updateStack(paths);
      return;
    }
    for (const urn of functions) await this.put(urn, registrations.packages[urn] ?? "", saved);
    this.current = registrations;
  }

  private async put(urn: string, path: string, saved: number): Promise<void> {
    const { here, name } = this.stack;
    const deployed = deployedFunction(this.state, urn);
    noteAhead(here, name, urn);
    const version = await this.live?.put(deployed, path);
    this.options.say(
      version === undefined
        ? `${deployed.label}: the code is there, but no alias follows it: a version is held`
        : `${deployed.label}: version ${version} is live, ${duration(Date.now() - saved)} after it was saved`,
    );
  }

  private async updateStack(paths: readonly string[] = []): Promise<void> {
    const names = paths.map((path) => relative(this.stack.here.root, path));
    if (names.length > 0) this.options.say(`${names.join(", ")}: updating the stack`);
    await forgetCodeAhead(this.stack);
    // Both are asked before the update, so that a file which is saved during it is a change.
    const tag = this.options.imageTag();
    this.stack = await this.options.buildImage();
    if (tag !== this.imageTag) {
      // The program reads the image from its environment.
      this.program.forget();
      this.program = new Program(this.stack);
    }
    const answer = this.ended ? undefined : await this.program.ask();
    await this.options.update();
    this.imageTag = tag;
    await this.learn(answer);
  }

  /** Learns the state after an update, and what the program made that was updated to. */
  private async learn(answer: Answer | undefined): Promise<void> {
    const { here, name } = this.stack;
    this.state = (await exportStack(this.stack)) ?? {};
    if (answer === undefined) return;
    const { registrations, problem, program } = answer;
    if (problem !== undefined) this.options.say(problem);
    this.current = registrations;
    const config = ["Pulumi.yaml", `Pulumi.${name}.yaml`].map((file) => join(here.root, file));
    this.programFiles = new Set([...program, ...config]);
  }

  /** An image that is taken by reference does not follow its files: that is no fault, but said. */
  private sayWhatIsNotBuilt(paths: readonly string[]): void {
    const { here } = this.stack;
    const folders = new Set(paths.map((path) => imageFolder(here.root, path)));
    folders.delete(undefined);
    if (this.options.buildsImages) return;
    for (const folder of folders) {
      this.options.say(`${folder}: not built, images are taken by reference here`);
    }
  }
}

/** The folder of the Dockerfile that a file may go into an image by; undefined for none. */
function imageFolder(root: string, path: string): string | undefined {
  for (let folder = dirname(path); folder.startsWith(root); folder = dirname(folder)) {
    if (folder !== root && existsSync(folder) && readdirSync(folder).includes("Dockerfile")) {
      return relative(root, folder);
    }
  }
  return undefined;
}
