import { Readable } from "node:stream";
import type { Connection, RowDataPacket } from "mysql2/promise";

/** Rows joined into one piece of a LOAD DATA stream. */
const PIECE = 500;

export type Value = string | number | boolean | null | Date;

function tsv(values: readonly Value[]): string {
  return `${values.map(field).join("\t")}\n`;
}

function field(value: Value): string {
  if (value === null) return "\\N";
  if (value instanceof Date) return value.toISOString().replace("T", " ").replace("Z", "");
  if (typeof value === "boolean") return value ? "1" : "0";
  return String(value).replaceAll("\\", "\\\\").replaceAll("\t", "\\t").replaceAll("\n", "\\n");
}

async function* pieces<T>(rows: Iterable<T> | AsyncIterable<T>, lineOf: (row: T) => string): AsyncGenerator<Buffer> {
  let piece: string[] = [];
  for await (const row of rows) {
    piece.push(lineOf(row));
    if (piece.length === PIECE) {
      yield Buffer.from(piece.join(""));
      piece = [];
    }
  }
  yield Buffer.from(piece.join(""));
}

/** Brings rows into a table in one stream. The server must take LOAD DATA LOCAL. */
export async function load<T>(
  connection: Connection,
  table: string,
  columns: readonly string[],
  rows: Iterable<T> | AsyncIterable<T>,
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
export async function withoutIndexes(connection: Connection, table: string, work: () => Promise<void>): Promise<void> {
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
