// `node scripts/screenshot.mjs`: the README's pictures, taken from the embedded default that runs. Run `npm run demo` first, so that there is something to see.
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright";
import { runningLauncher } from "./launch/data-dir.mjs";
import { dataDirOf } from "./launch/environment.mjs";
import { ROOT } from "./launch/paths.mjs";
import { complain, step } from "./launch/progress.mjs";
import { SetupError } from "./launch/setup-error.mjs";
import { CHROMIUM, chromiumPath } from "./launch/system-packages.mjs";

const PICTURES = /** @type {const} */ ([
  { file: "screenshot.png", theme: "light" },
  { file: "screenshot-dark.png", theme: "dark" },
]);
const SIZE = { width: 1280, height: 800 };

/** Signs in as the demo's administrator and takes the list of statements. @param {string} console @param {string} program */
async function takeAll(console, program) {
  const browser = await chromium.launch({ executablePath: program, args: ["--no-sandbox", "--disable-gpu"] });
  try {
    const context = await browser.newContext({ baseURL: console, viewport: SIZE, timezoneId: "UTC" });
    const page = await context.newPage();
    await page.goto("/");
    await page.getByRole("button", { name: "Sign in with single sign-on" }).click();
    await page.getByRole("button", { name: "Ada Admin" }).click();
    await page.getByRole("heading", { name: "Overview", level: 1 }).waitFor();
    for (const { file, theme } of PICTURES) {
      await page.evaluate((name) => localStorage.setItem("theme", name), theme);
      await page.goto("/statements");
      await page.locator("header").getByText("Live", { exact: true }).waitFor({ state: "attached" });
      await page.getByRole("table", { name: "Statements" }).waitFor();
      await page.screenshot({ path: join(ROOT, "public", file) });
      step(`public/${file}`);
    }
  } finally {
    await browser.close();
  }
}

try {
  const dataDir = dataDirOf(process.env);
  const program = chromiumPath();
  if (runningLauncher(dataDir) === null) {
    throw new SetupError("Sallyport does not run. Start it in another terminal: npm start");
  }
  if (program === null) {
    throw new SetupError(`${CHROMIUM.name} is not installed. On Debian or Ubuntu run: apt-get install chromium`);
  }
  mkdirSync(join(ROOT, "public"), { recursive: true });
  const { CONSOLE_URL } = JSON.parse(readFileSync(join(dataDir, "env.json"), "utf8"));
  await takeAll(CONSOLE_URL, program);
} catch (error) {
  complain(error instanceof SetupError ? error.message : String(error instanceof Error ? error.stack : error));
  process.exitCode = 1;
}
