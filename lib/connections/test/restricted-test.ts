import { type ColumnPrivileges, restrictedFit } from "../restricted/fit";
import { quoteAccount } from "../restricted/names";
import { answerOf, cleanProbes, maskedProbes, type Probe, type ProbeAnswer } from "../restricted/probes";
import type { ReachedTable } from "../restricted/reach";
import { ask, closeProgress, connectSteps, loggedIn, newProgress, type Progress } from "./connect-steps";
import type { TestTarget } from "./login";
import { runSteps } from "./run-steps";
import { type Finding, RESTRICTED_STEPS, type StepResult } from "./steps";
import { withTimeout } from "./with-timeout";

const PREPARE_MS = 5_000;
const MAX_NOTES = 20;

/** Columns the account can use; system schemas other than mysql are open to everybody in parts, SHOW GRANTS tells of them. */
const OWN_COLUMNS =
  "SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, PRIVILEGES FROM information_schema.COLUMNS WHERE TABLE_SCHEMA NOT IN ('information_schema', 'performance_schema', 'sys', 'ndbinfo')";

/**
 * Logs in as the restricted account and asks the server itself whether it keeps masked columns from it: its privileges,
 * then a PREPARE of masked and of clean columns. `target` holds the restricted account's user and password. Nothing is
 * executed on a user's table. Never throws for what the other side does; leaving the loop closes everything.
 */
export function runRestrictedTest(
  target: TestTarget,
  reach: readonly ReachedTable[],
): AsyncGenerator<StepResult, void, undefined> {
  const progress = newProgress();
  // No default schema: whether the account may use it is for the later steps to say.
  const works = {
    ...connectSteps({ ...target, schema: null }, progress),
    grants: () => judgePrivileges(progress, reach),
    masked: () => judgeMasked(progress, reach),
    clean: () => judgeClean(progress, reach),
  };
  return runSteps(RESTRICTED_STEPS, works, () => closeProgress(progress));
}

async function judgePrivileges(progress: Progress, reach: readonly ReachedTable[]): Promise<Finding> {
  // SHOW GRANTS quotes names as these say.
  await ask(progress, "SET SESSION sql_mode = '', sql_quote_show_create = 1");
  const [who] = await ask(progress, "SELECT CURRENT_USER()");
  const name = String(who?.[0] ?? "");
  const at = name.lastIndexOf("@");
  const grants = await ask(progress, "SHOW GRANTS");
  const columns = await ask(progress, OWN_COLUMNS);
  const account = quoteAccount(name.slice(0, at), name.slice(at + 1));
  const fit = restrictedFit({
    reach,
    columns: columns.map(columnPrivileges),
    grants: grants.map((row) => String(row[0])),
    account,
  });
  if (fit.verdict === "ok") return { status: "ok", summary: `${account} may read what is not masked, and no more.` };
  const notes = fit.problems.map((one) => `${one.message} ${one.remedy}`);
  return {
    status: fit.verdict,
    summary:
      fit.verdict === "failed"
        ? `${account} is no second opinion on masks like this: ${fit.problems[0]?.message ?? ""}`
        : `${account} keeps off masked columns, but does not fit exactly.`,
    remedy: "Run the script for this account again; the notes say what is wrong, one by one.",
    notes: shortened(notes),
  };
}

function columnPrivileges(row: readonly unknown[]): ColumnPrivileges {
  const [schema, table, column, privileges] = row.map(String);
  return { schema: schema ?? "", table: table ?? "", column: column ?? "", privileges: privileges ?? "" };
}

async function judgeMasked(progress: Progress, reach: readonly ReachedTable[]): Promise<Finding> {
  const probes = maskedProbes(reach);
  if (probes.length === 0) return { status: "skipped", summary: "Nothing is masked." };
  const answers = await prepareAll(progress, probes);
  const open = columnsWith(answers, "taken");
  if (open.length > 0) {
    return {
      status: "failed",
      summary: `The server lets this account read ${open.length} of ${probes.length} masked columns that were tried.`,
      remedy: "Run the script for this account again: it takes everything away first.",
      notes: shortened(open),
    };
  }
  const odd = [...columnsWith(answers, "missing"), ...columnsWith(answers, "unclear")];
  if (odd.length > 0) return stale(odd);
  return { status: "ok", summary: `The server refuses each of the ${probes.length} masked columns that were tried.` };
}

async function judgeClean(progress: Progress, reach: readonly ReachedTable[]): Promise<Finding> {
  const probes = cleanProbes(reach);
  if (probes.length === 0) return { status: "skipped", summary: "There is nothing that the account should read." };
  const answers = await prepareAll(progress, probes);
  const refused = columnsWith(answers, "refused");
  if (refused.length > 0) {
    return {
      status: "failed",
      summary: `The server refuses ${refused.length} of ${probes.length} columns that are not masked.`,
      remedy: "Run the script for this account again: statements on these columns are refused until then.",
      notes: shortened(refused),
    };
  }
  const odd = [...columnsWith(answers, "missing"), ...columnsWith(answers, "unclear")];
  if (odd.length > 0) return stale(odd);
  return { status: "ok", summary: `The account can read each of the ${probes.length} other columns that were tried.` };
}

function stale(columns: readonly string[]): Finding {
  return {
    status: "warning",
    summary: `The server could not say it for ${columns.length} columns: they are gone, or a view is broken.`,
    remedy: "Refresh the catalogue and test again.",
    notes: shortened(columns),
  };
}

type Answers = readonly { readonly column: string; readonly answer: ProbeAnswer }[];

const columnsWith = (answers: Answers, answer: ProbeAnswer) =>
  answers.filter((one) => one.answer === answer).map((one) => one.column);

async function prepareAll(progress: Progress, probes: readonly Probe[]): Promise<Answers> {
  const answers: { column: string; answer: ProbeAnswer }[] = [];
  for (const { column, sql } of probes) answers.push({ column, answer: answerOf(await errorOfPrepare(progress, sql)) });
  return answers;
}

/** Error number of a PREPARE, null when the server took it. Rejects when the connection is lost. */
async function errorOfPrepare(progress: Progress, sql: string): Promise<number | null> {
  try {
    const statement = await withTimeout(loggedIn(progress).prepare(sql), PREPARE_MS, "ETIMEDOUT");
    await statement.close();
    return null;
  } catch (error) {
    if (error instanceof Error && "errno" in error && "sqlState" in error && typeof error.errno === "number") {
      return error.errno;
    }
    throw error;
  }
}

function shortened(notes: readonly string[]): readonly string[] {
  if (notes.length <= MAX_NOTES) return notes;
  return [...notes.slice(0, MAX_NOTES), `And ${notes.length - MAX_NOTES} more.`];
}
