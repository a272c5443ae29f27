import { ask, closeProgress, connectSteps, newProgress, type Progress } from "./connect-steps";
import { judgeVersion } from "./flavour";
import type { TestTarget } from "./login";
import { privilegeWarnings } from "./privileges";
import { runSteps } from "./run-steps";
import { type Finding, type StepResult, TEST_STEPS } from "./steps";

const LATENCY_ROUNDS = 5;

/** Tests a target step by step. Never throws for what the other side does; leaving the loop closes everything. */
export function runTest(target: TestTarget): AsyncGenerator<StepResult, void, undefined> {
  const progress = newProgress();
  const works = { ...connectSteps(target, progress), ...accountSteps(progress) };
  return runSteps(TEST_STEPS, works, () => closeProgress(progress));
}

function accountSteps(progress: Progress): Record<"version" | "privileges" | "latency", () => Promise<Finding>> {
  return {
    version: async () => {
      const [row] = await ask(progress, "SELECT VERSION(), @@version_comment");
      return judgeVersion(String(row?.[0] ?? "").slice(0, 80), String(row?.[1] ?? "").slice(0, 80));
    },
    privileges: async () => {
      const [who] = await ask(progress, "SELECT CURRENT_USER()");
      const grants = await ask(progress, "SHOW GRANTS");
      const account = quoteAccount(String(who?.[0] ?? ""));
      const notes = privilegeWarnings(
        grants.map((row) => String(row[0])),
        account,
      );
      return notes.length === 0
        ? { status: "ok", summary: `${account} has no privilege that agents should not have.` }
        : {
            status: "warning",
            summary: `${account} may do more, or less, than agents need.`,
            remedy: "The gateway guards every statement, but an account with few privileges is the second wall.",
            notes,
          };
    },
    latency: async () => {
      const times: number[] = [];
      for (let round = 0; round < LATENCY_ROUNDS; round++) {
        const start = performance.now();
        await ask(progress, "SELECT 1");
        times.push(performance.now() - start);
      }
      const latencyMs = Math.round((times.sort((a, b) => a - b)[Math.floor(LATENCY_ROUNDS / 2)] ?? 0) * 100) / 100;
      return {
        status: "ok",
        summary: `${latencyMs} ms for one statement and back (median of ${LATENCY_ROUNDS}).`,
        latencyMs,
      };
    },
  };
}

/** `user@host` of CURRENT_USER() as an account in SQL. The user may hold an @, the host may not. */
function quoteAccount(account: string): string {
  const at = account.lastIndexOf("@");
  const quote = (text: string) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
  return `${quote(account.slice(0, at))}@${quote(account.slice(at + 1))}`;
}
