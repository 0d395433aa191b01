/** What holds for both projects. */
const shared = {
  testEnvironment: "node",
  // The integration tests' copy of the program lies there.
  modulePathIgnorePatterns: ["<rootDir>/.groundwork/"],
  // Takes the types away and no more. They are checked by `make check`.
  transform: { "\\.ts$": ["@swc/jest", { jsc: { target: "es2022" } }] },
};

module.exports = {
  // Two cores are what a small CI machine has. Every worker loads the SDK for itself, so that more
  // of them than cores only get in each other's way.
  maxWorkers: 2,
  // Milliseconds. A whole stack takes half a second to record, and ten times that on a busy machine.
  testTimeout: 30_000,
  projects: [
    {
      ...shared,
      displayName: "unit",
      testMatch: ["<rootDir>/test/**/*.test.ts"],
      testPathIgnorePatterns: ["/node_modules/", "<rootDir>/test/(integration|lint|scan)/"],
      setupFiles: ["<rootDir>/test/support/setup.ts"],
      // The SDK loads both, 10 MB of code, only to serialize closures, which nothing here does.
      moduleNameMapper: {
        "^(typescript|@npmcli/arborist)$": "<rootDir>/test/support/empty-module.ts",
      },
    },
    {
      ...shared,
      displayName: "integration",
      testMatch: ["<rootDir>/test/integration/**/*.test.ts"],
    },
    {
      ...shared,
      displayName: "lint",
      testMatch: ["<rootDir>/test/lint/**/*.test.ts"],
    },
    {
      ...shared,
      displayName: "scan",
      testMatch: ["<rootDir>/test/scan/**/*.test.ts"],
    },
  ],
};
