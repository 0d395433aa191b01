/**
 * Keeps from the terminal what each test of a file has printed.
 * @returns the lines of the test that runs
 */
export function printed(): () => readonly string[] {
  let spy: jest.SpyInstance;
  beforeEach(() => {
    spy = jest.spyOn(console, "log").mockImplementation(() => {});
  });
  afterEach(() => spy.mockRestore());
  return () => spy.mock.calls.flat().map(String);
}
