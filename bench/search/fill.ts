import { Readable } from "node:stream";
import mysql, { type Connection, type RowDataPacket } from "mysql2/promise";
import { makePast, type Past, type PastStatement } from "@/e2e/support/history";
import { Sums } from "@/e2e/support/history-sums";

const DAY_MS = 86_400_000;
const SPAN_DAYS = 90;
/** Rows joined into one piece of a LOAD DATA stream. */
const PIECE = 500;

type Value = string | number | boolean | null | Date;

function tsv(values: readonly Value[]): string {
  return `${values.map(field).join("\t")}\n`;
}

function field(value: Value): string {
  if (value === null) return "\\N";
  if (value instanceof Date) return value.toISOString().replace("T", " ").replace("Z", "");
  if (typeof value === "boolean") return value ? "1" : "0";
  return String(value).replaceAll("\\", "\\\\").replaceAll("\t", "\\t").replaceAll("\n", "\\n");
}

function* pieces<T>(rows: Iterable<T>, lineOf: (row: T) => string): Generator<Buffer> {
  let piece: string[] = [];
  for (const row of rows) {
    piece.push(lineOf(row));
    if (piece.length === PIECE) {
      yield Buffer.from(piece.join(""));
      piece = [];
    }
  }
  yield Buffer.from(piece.join(""));
}

async function load<T>(
  connection: Connection,
  table: string,
  columns: readonly string[],
  rows: Iterable<T>,
  valuesOf: (row: T) => readonly Value[],
): Promise<void> {
  await connection.query({
    sql: `LOAD DATA LOCAL INFILE 'rows' INTO TABLE ${table} CHARACTER SET utf8mb4 (${columns.map((name) => `\`${name}\``).join(", ")})`,
    infileStreamFactory: () =>
      Readable.from(
        pieces(rows, (row) => tsv(valuesOf(row))),
        { objectMode: false },
      ),
  });
}

/** Takes the table's secondary indexes away and gives what puts them back in one pass. */
async function withoutIndexes(connection: Connection, table: string, work: () => Promise<void>): Promise<void> {
  const [found] = await connection.query<RowDataPacket[]>(
    `SELECT index_name AS name, GROUP_CONCAT(CONCAT('\`', column_name, '\`') ORDER BY seq_in_index) AS columns
     FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = ? AND index_name <> 'PRIMARY' GROUP BY index_name`,
    [table],
  );
  await connection.query(`ALTER TABLE ${table} ${found.map(({ name }) => `DROP INDEX \`${name}\``).join(", ")}`);
  await work();
  await connection.query(
    `ALTER TABLE ${table} ${found.map(({ name, columns }) => `ADD INDEX \`${name}\` (${columns})`).join(", ")}`,
  );
}

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
  const connection = await mysql.createConnection({ uri: url, timezone: "Z", charset: "utf8mb4_unicode_ci" });
  const sums = new Sums();
  try {
    await fillNames(connection, past, to);
    await withoutIndexes(connection, "statements", async () => {
      await load(connection, "statements", STATEMENT_COLUMNS, counted(past, sums, say), statementValues);
      say("statements loaded, making their indexes");
    });
    await fillSums(connection, sums);
    say("analysing");
    await connection.query(
      "ANALYZE TABLE statements, statement_minutes, statement_periods, column_reads, statement_templates, template_objects",
    );
  } finally {
    await connection.end();
  }
  return past;
}

function* counted(past: Past, sums: Sums, say: (text: string) => void): Generator<PastStatement> {
  let made = 0;
  for (const one of past.statements()) {
    sums.add(one);
    yield one;
    if (++made % 1_000_000 === 0) say(`${made} statements`);
  }
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
