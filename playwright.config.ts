import { defineConfig } from "@playwright/test";
import { CHROMIUM_ARGUMENTS, chromiumProgram } from "./e2e/support/chromium";

/** The journeys run one after the other: they share one product, which the set-up starts as a newcomer would. */
export default defineConfig({
  testDir: "e2e",
  testMatch: "**/*.spec.ts",
  globalSetup: "./e2e/support/product-setup.ts",
  outputDir: "test-results",
  workers: 1,
  fullyParallel: false,
  forbidOnly: true,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [["list"]],
  use: {
    browserName: "chromium",
    colorScheme: "light",
    viewport: { width: 1280, height: 800 },
    timezoneId: "UTC",
    locale: "en-GB",
    launchOptions: { executablePath: chromiumProgram(), args: [...CHROMIUM_ARGUMENTS] },
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
  },
  projects: [{ name: "desktop" }],
});
