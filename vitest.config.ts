import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

const alias = { "@": import.meta.dirname };

export default defineConfig({
  test: {
    // By default one processor is left to Vitest itself; of two that is too much: much of a test is waiting for a server. Each has one.
    maxWorkers: Math.min(Math.max(2, availableParallelism() - 1), 4),
    projects: [
      {
        resolve: { alias },
        test: {
          name: "unit",
          include: ["{app,components,lib,proxy,scripts,bench}/**/*.test.{ts,tsx}", "e2e/guards/**/*.test.ts"],
          exclude: ["**/*.integration.test.ts", "**/node_modules/**"],
          // Some go through thousands of statements: a busy machine is no failure.
          testTimeout: 60_000,
        },
      },
      {
        resolve: { alias },
        test: {
          name: "integration",
          include: ["{app,lib,proxy,scripts}/**/*.integration.test.ts"],
          globalSetup: ["e2e/support/global-setup.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        resolve: { alias },
        test: {
          name: "crash",
          include: ["e2e/crash/**/*.test.ts"],
          // Each starts a product of its own; they would fight for the machine.
          fileParallelism: false,
          hookTimeout: 180_000,
        },
      },
      {
        resolve: { alias },
        test: {
          name: "clients",
          include: ["e2e/clients/**/*.test.ts"],
          globalSetup: ["e2e/clients/product-setup.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
