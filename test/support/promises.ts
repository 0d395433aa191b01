// Stands for the SDK's `runtime/debuggable`, which takes a stack trace for every promise to tell of
// those that never end. Jest maps each trace to the source: a third of a test's time.

/** The promise itself, without a note of where it was made. */
export const debuggablePromise = <T>(promise: Promise<T>): Promise<T> => promise;

export const debugPromiseLeaks = false;

export const errorString = (error: Error): string => error.stack ?? String(error);
