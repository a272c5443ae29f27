import mysql, { type Connection } from "mysql2/promise";
import { makePast, type Past, type PastStatement } from "@/e2e/support/history";
import { Sums } from "@/e2e/support/history-sums";
import { load, type Value, withoutIndexes } from "../load-rows";

const DAY_MS = 86_400_000;
const SPAN_DAYS = 90;

const STATEMENT_COLUMNS = [
  "id",
  "session_id",
  "identity_id",
  "connection_id",
  "connection_name",
  "sequence",
  "at",
  "command",
  "state",
  "waited_us",
  "default_schema",
  "sql",
  "sql_bytes",
  "duration_us",
  "row_count",
  "affected_rows",
  "result_bytes",
  "error_number",
  "error_message",
  "statement_class",
  "template_hash",
  "effect",
  "policy_name",
  "rule_name",
  "decision_reason",
  "approval_id",
  "masked_rows",
] as const;

function statementValues(one: PastStatement): Value[] {
  const { template: t } = one;
  const reason = one.effect === null ? null : `rule ${t.rule}`;
  return [
    one.id,
    one.sessionId,
    one.identity.id,
    "0".repeat(26),
    t.connection,
    one.sequence,
    one.at,
    "query",
    one.state,
    one.waitedUs,
    t.schema,
    one.sql,
    one.sql.length,
    one.durationUs,
    one.rowCount,
    one.affectedRows,
    one.resultBytes,
    one.errorNumber,
    one.errorNumber === null ? null : "failed",
    t.statementClass,
    t.hash,
    one.effect,
    one.effect === null ? null : t.policy,
    one.effect === null ? null : t.rule,
    reason,
    one.approvalId,
    one.maskedRows,
  ];
}

/** Fills an empty, migrated store with a past of `count` statements over 90 days that ends now. Returns what it holds. */
export async function fillStore(url: string, count: number, say: (text: string) => void): Promise<Past> {
  const to = new Date();
  const past = makePast({ seed: 1, statements: count, from: new Date(to.getTime() - SPAN_DAYS * DAY_MS), to });
  const [connection, besides] = await Promise.all([connect(url), connect(url)]);
  try {
    await fillNames(connection, past, to);
    await withoutIndexes(connection, "statements", async () => {
      await load(connection, "statements", STATEMENT_COLUMNS, counted(past, besides, say), statementValues);
      say("statements loaded, making their indexes");
    });
    say("analysing");
    await connection.query(
      "ANALYZE TABLE statements, statement_minutes, statement_periods, column_reads, statement_templates, template_objects",
    );
  } finally {
    await Promise.all([connection.end(), besides.end()]);
  }
  return past;
}

const connect = (url: string) => mysql.createConnection({ uri: url, timezone: "Z", charset: "utf8mb4_unicode_ci" });

/** The statements; when a day is over its sums go to the store by the other connection: those of 90 days do not fit into memory. */
async function* counted(
  past: Past,
  besides: Connection,
  say: (text: string) => void,
): AsyncGenerator<PastStatement, void, void> {
  let made = 0;
  let [day, sums] = [0, new Sums()];
  for (const one of past.statements()) {
    const today = Math.floor(one.at.getTime() / DAY_MS);
    if (today !== day) {
      await fillSums(besides, sums);
      [day, sums] = [today, new Sums()];
    }
    sums.add(one);
    yield one;
    if (++made % 1_000_000 === 0) say(`${made} statements`);
  }
  await fillSums(besides, sums);
}

async function fillNames(connection: Connection, past: Past, now: Date): Promise<void> {
  await load(
    connection,
    "identities",
    ["id", "issuer", "subject", "kind", "client_id", "display_name", "groups", "first_seen_at", "last_seen_at"],
    past.identities,
    ({ id, name }) => [id, "https://idp.example", id, "machine", name, name, "[]", now, now],
  );
  await load(
    connection,
    "statement_templates",
    [
      "id",
      "connection_name",
      "template_hash",
      "default_schema",
      "text",
      "statement_class",
      "tables",
      "reads",
      "uses",
      "writes",
      "first_at",
      "last_at",
    ],
    past.templates,
    (t) => [
      t.id,
      t.connection,
      t.hash,
      t.schema,
      t.text,
      t.statementClass,
      ...[t.tables, t.reads, t.uses, t.writes].map((list) => JSON.stringify(list)),
      now,
      now,
    ],
  );
  const objects = past.templates.flatMap((t) => [
    ...t.tables.map((name) => ({ name, kind: "table", id: t.id })),
    ...[...new Set([...t.reads, ...t.uses, ...t.writes])].map((name) => ({ name, kind: "column", id: t.id })),
  ]);
  await load(connection, "template_objects", ["name", "kind", "template_id"], objects, (o) => [o.name, o.kind, o.id]);
}

async function fillSums(connection: Connection, sums: Sums): Promise<void> {
  const { periods, reads } = sums;
  await load(
    connection,
    "statement_minutes",
    [
      "minute",
      "connection_name",
      "identity_id",
      "effect",
      "failed",
      "statements",
      "rows",
      "masked_rows",
      "duration_us",
    ],
    periods.minute.values(),
    (p) => [
      p.start,
      p.connectionName,
      p.identityId,
      p.effect,
      p.failed,
      p.statements,
      p.rows,
      p.maskedRows,
      p.durationUs,
    ],
  );
  for (const grain of ["hour", "day"] as const) {
    await load(
      connection,
      "statement_periods",
      ["grain", "start", "connection_name", "identity_id", "effect", "failed", "statements"],
      periods[grain].values(),
      (p) => [grain, p.start, p.connectionName, p.identityId, p.effect, p.failed, p.statements],
    );
  }
  await load(
    connection,
    "column_reads",
    [
      "day",
      "connection_name",
      "column",
      "identity_id",
      "how",
      "statements",
      "rows",
      "first_at",
      "last_at",
      "last_statement_id",
    ],
    reads.values(),
    (r) => [
      r.day,
      r.connectionName,
      r.column,
      r.identityId,
      r.how,
      r.statements,
      r.rows,
      r.firstAt,
      r.lastAt,
      r.lastStatementId,
    ],
  );
}
