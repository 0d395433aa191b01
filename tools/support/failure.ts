/** A failure that was foreseen: printed as its words, without a stack trace. */
export class Failure extends Error {
  /**
   * @param message What went wrong.
   * @param next What the reader can do about it, a line each.
   * @param exitCode What the command exits with.
   */
  constructor(
    message: string,
    readonly next: readonly string[] = [],
    readonly exitCode = 1,
  ) {
    super(message);
    this.name = "Failure";
  }
}

/** The user stopped the command (Ctrl-C, or a signal from a CI runner). */
export class Interrupted extends Failure {
  constructor() {
    super(
      "Interrupted.",
      [
        "What was begun is recorded. `make up` continues it, `make down` takes it away,",
        "`make status` shows what is running.",
      ],
      130,
    );
    this.name = "Interrupted";
  }
}
