// `npm run reset`: removes the embedded default's data after asking.
import { existsSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { createInterface } from "node:readline/promises";
import { parseArgs } from "node:util";
import { runningLauncher } from "./launch/data-dir.mjs";
import { dataDirOf } from "./launch/environment.mjs";
import { ROOT } from "./launch/paths.mjs";
import { complain } from "./launch/progress.mjs";

/** What only our data directories hold: a DATA_DIR that points elsewhere is never removed. */
const MARKS = ["secrets.json", "env.json", "mariadb"];

async function reset() {
  const { values } = parseArgs({ options: { yes: { type: "boolean", default: false } } });
  const dataDir = dataDirOf(process.env);
  const name = relative(process.cwd(), dataDir) || ".";
  if (!existsSync(dataDir)) {
    console.log(`Nothing to remove: ${name} does not exist.`);
    return;
  }
  const launcher = runningLauncher(dataDir);
  if (launcher !== null) {
    throw new Error(
      `Sallyport runs in ${name} (process ${launcher}).\nStop it first: Ctrl-C there, or: kill ${launcher}`,
    );
  }
  if (dataDir === ROOT || ROOT.startsWith(`${dataDir}/`) || !MARKS.some((mark) => existsSync(join(dataDir, mark)))) {
    throw new Error(`${name} does not look like a data directory of Sallyport. Look at DATA_DIR; nothing was removed.`);
  }
  if (!values.yes && !(await confirmed(name))) {
    console.log("Nothing was removed.");
    return;
  }
  rmSync(dataDir, { recursive: true, force: true });
  console.log(`${name} is removed. The next npm start begins anew.`);
}

/** @param {string} name */
async function confirmed(name) {
  if (!process.stdin.isTTY) {
    throw new Error("There is no terminal to ask at. To remove without a question: npm run reset -- --yes");
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(`Remove ${name} with its databases, keys, recordings and logs? [y/N] `);
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}

try {
  await reset();
} catch (error) {
  complain(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
