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
      testPathIgnorePatterns: [
        "/node_modules/",
        "<rootDir>/test/(integration|lint|rehearsal|scan)/",
      ],
      setupFiles: ["<rootDir>/test/support/setup.ts"],
      moduleNameMapper: {
        // The SDK loads these, 11 MB of code, to serialize closures and to drive the engine, which
        // nothing here does.
        "^(typescript|@npmcli/arborist|normalize-package-data|\\./automation)$":
          "<rootDir>/test/support/empty-module.ts",
        "^\\./debuggable$": "<rootDir>/test/support/promises.ts",
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
      displayName: "rehearsal",
      testMatch: ["<rootDir>/test/rehearsal/**/*.test.ts"],
    },
    {
      ...shared,
      displayName: "scan",
      testMatch: ["<rootDir>/test/scan/**/*.test.ts"],
    },
  ],
};
