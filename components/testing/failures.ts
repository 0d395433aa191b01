import { runInThisContext } from "node:vm";

/**
 * Runs something and returns its failures, those of promises that nobody waits for among them: a
 * rejected input fails the registration of a resource, which the SDK leaves to Node to report.
 */
export async function collectFailures(run: () => Promise<void>): Promise<readonly unknown[]> {
  const failures: unknown[] = [];
  let fail = () => {};
  const failed = new Promise<void>((resolve) => {
    fail = resolve;
  });
  const note = (reason: unknown) => {
    failures.push(reason);
    fail();
  };
  // Jest hands tests a copy of `process` that hears of nothing, and fails the test itself. Here a
  // failure is the recording's result, so for its time Jest does not get to hear of it either.
  const process = runInThisContext("process") as NodeJS.Process;
  const listeners = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection").on("unhandledRejection", note);
  try {
    // The SDK may wait forever for a registration that failed: the engine would have ended it.
    await Promise.race([run().catch(note), failed]);
    // A rejection counts as unhandled only at the end of a turn, and others may follow the first.
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
  } finally {
    process.off("unhandledRejection", note);
    for (const listener of listeners) process.on("unhandledRejection", listener);
  }
  return failures;
}
