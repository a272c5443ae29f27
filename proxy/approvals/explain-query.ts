import type { ExplainFacts } from "@/lib/approvals/context";
import type { Dialect } from "@/lib/sql/token";
import type { UpstreamTarget } from "../session/ports";
import { UpstreamRefusal } from "../upstream/auth";
import { connectUpstream } from "../upstream/connect";
import { OwnQueries, type OwnRow } from "../upstream/own-queries";
import { pinSession } from "../upstream/pin-session";

const SECONDS = 2;
/** The server keeps its own time; a connection that stays silent is given up. */
const SILENCE_MS = 4_000;

export interface ExplainInput {
  readonly target: UpstreamTarget;
  readonly schema: string | null;
  readonly sql: string;
  readonly dialect: Dialect;
}

/** The server's plan, over a short connection of the gateway's own in the state that sessions have. Never rejects. */
export async function explainQuery({ target, schema, sql, dialect }: ExplainInput): Promise<ExplainFacts> {
  let timer: NodeJS.Timeout | undefined;
  let close = () => {};
  try {
    const { wire, capabilities } = await connectUpstream({ target, schema, collation: 0, capabilities: 0 });
    close = () => wire.destroy();
    timer = setTimeout(close, SILENCE_MS);
    const queries = new OwnQueries(wire, capabilities);
    await pinSession(queries);
    const limit = dialect === "mariadb" ? `max_statement_time = ${SECONDS}` : `max_execution_time = ${SECONDS * 1000}`;
    await queries.query(`SET SESSION ${limit}, SESSION lock_wait_timeout = ${SECONDS}`);
    const rows = await queries.query(`EXPLAIN ${dialect === "mysql" ? "FORMAT=TRADITIONAL " : ""}${sql}`);
    return { ok: true, text: JSON.stringify(rows), estimatedRows: estimatedRows(rows) };
  } catch (error) {
    // The text of a server's error could quote values.
    return error instanceof UpstreamRefusal
      ? { ok: false, why: `The server answered EXPLAIN with error ${error.error.errno}` }
      : { ok: false, why: "The server did not tell its plan in time" };
  } finally {
    clearTimeout(timer);
    close();
  }
}

/** Of the part of the statement that looks at most rows: tables of one part multiply. Null where the server does not say. */
export function estimatedRows(rows: readonly OwnRow[]): number | null {
  const parts = new Map<string, number>();
  for (const { id, rows: told } of rows) {
    const estimate = Number(told);
    if (told === null || told === undefined || !Number.isFinite(estimate)) continue;
    parts.set(id ?? "", (parts.get(id ?? "") ?? 1) * estimate);
  }
  return parts.size === 0 ? null : Math.min(Math.max(...parts.values()), Number.MAX_SAFE_INTEGER);
}
