import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{contracts,sandbox,conformance,scripts,examples}/**/*.test.ts"],
    globalSetup: ["scripts/tests/compile-contracts.ts"],
    // Each file starts chains and servers of its own, in a process of its own, so that nothing outlives it unseen.
    pool: "forks",
    maxWorkers: "100%",
    // Against tests that hang. How fast something is, no test says: on a busy machine all of them are slow.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // Testcontainers would pull a helper image that removes what crashed tests leave; no registry is reachable in tests.
    env: { TESTCONTAINERS_RYUK_DISABLED: "true" },
  },
});
