// The SDK takes a stack trace for every promise that it makes, which is a good part of a test's
// time. Where an expectation failed is at the top of its own.
Error.stackTraceLimit = 2;

// Jest gives each test file a process object of its own, which never exits: without this, what the
// components put away until the program ends would stay in the temporary folder.
afterAll(() => {
  process.emit("exit", 0);
});
