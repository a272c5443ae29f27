import { quoteName, quoteTable } from "@/lib/connections/restricted/names";
import { typeFamily } from "@/lib/masking/suggest/type-family";
import { columnText } from "@/lib/self-test/attack";
import type { PinnedColumn } from "@/lib/self-test/pinned-columns";
import { type TargetView, VIEW_ROWS } from "@/lib/self-test/target-views";
import type { PinValues, Target } from "@/lib/self-test/targets";
import type { Dialect } from "@/lib/sql/token";
import { sessionSettings } from "../masking-scan/sample-query";
import type { UpstreamTarget } from "../session/ports";
import { UpstreamRefusal } from "../upstream/auth";
import { connectUpstream } from "../upstream/connect";
import { OwnQueries, type OwnRow } from "../upstream/own-queries";

/** The server ends a statement after two seconds; a connection that is silent for this long is given up. */
const SILENCE_MS = 10_000;
/** Rows of a table without a key: which of them an attack gets is up to the server. */
const UNORDERED_ROWS = 200;
const LONGEST_VALUE = 4096;
/** Of a schema, a table, a column and a view (MySQL manual, "Server Error Message Reference"). */
const NO_PRIVILEGE: ReadonlySet<number> = new Set([1044, 1142, 1143, 1356]);

/** What stands in the rows of a table or view, by `schema.table.column`; columns that could not be read are not there. */
export interface RawReading {
  readonly values: ReadonlyMap<string, readonly string[]>;
  readonly open: ReadonlySet<string>;
}

const cut = (name: string, dataType: string) =>
  ["text", "bytes"].includes(typeFamily(dataType)) ? `LEFT(${name}, ${LONGEST_VALUE})` : name;

/**
 * Reads what masks hide, with the gateway's own account and over a short connection of its own that can only read, so that a leak is
 * known when it is seen. The values are the caller's to drop.
 */
export class ControlReader {
  readonly #queries: OwnQueries;
  readonly #close: () => void;

  private constructor(queries: OwnQueries, close: () => void) {
    this.#queries = queries;
    this.#close = close;
  }

  /** Rejects with SallyportError UNAVAILABLE. */
  static async open(target: UpstreamTarget, flavour: Dialect): Promise<ControlReader> {
    const upstream = await connectUpstream({ target, schema: null, collation: 0, capabilities: 0 });
    const reader = new ControlReader(new OwnQueries(upstream.wire, upstream.capabilities), () =>
      upstream.wire.destroy(),
    );
    try {
      for (const setting of sessionSettings(flavour)) await reader.#query(setting);
      return reader;
    } catch (error) {
      reader.close();
      throw error;
    }
  }

  /** One value of each of the columns, as SQL. */
  async pins(columns: readonly PinnedColumn[]): Promise<PinValues> {
    const found = new Map<string, string>();
    for (const { column, sql, literal } of columns) {
      const value = (await this.#rows(sql))?.[0]?.c0;
      const written = value === null || value === undefined ? null : literal(value);
      if (written !== null) found.set(column, written);
    }
    return found;
  }

  /** Of the rows that attacks on the table read. */
  async table({ from, tail, limit, table, columns }: Target): Promise<RawReading> {
    const rows = table.primaryKey.length > 0 ? tail : `${tail.slice(0, -limit.length)} LIMIT ${UNORDERED_ROWS}`;
    const values = new Map<string, readonly string[]>();
    for (const column of columns) {
      const read = await this.#column(column, `${from}${rows}`);
      if (read !== null) values.set(columnText(column.base), read);
    }
    const masked = new Set(columns.map((one) => one.base.column));
    const open = new Set<string>();
    for (const column of table.columns.filter(({ name }) => !masked.has(name))) {
      const name = quoteName(column.name);
      for (const value of (await this.#column({ ...column, name }, `${from}${rows}`)) ?? []) open.add(value);
    }
    return { values, open };
  }

  /** Of the rows that the attack on the view reads. */
  async view({ view, columns }: TargetView): Promise<RawReading> {
    const list = columns.map((one, at) => `${cut(quoteName(one.name), one.dataType)} AS c${at}`);
    const rows = await this.#rows(`SELECT ${list.join(", ")} FROM ${quoteTable(view)} LIMIT ${VIEW_ROWS}`);
    const values = new Map<string, readonly string[]>();
    const open = new Set<string>();
    for (const [at, { shows }] of columns.entries()) {
      const cells = (rows ?? []).flatMap((row) => row[`c${at}`] ?? []);
      if (shows === "open") for (const cell of cells) open.add(cell);
      else if (shows !== "computed" && rows !== null) {
        values.set(columnText(shows), [...(values.get(columnText(shows)) ?? []), ...cells.filter((one) => one !== "")]);
      }
    }
    return { values, open };
  }

  /** The different values that are not empty; null: they could not be read. */
  async #column(
    { name, dataType }: { readonly name: string; readonly dataType: string },
    rows: string,
  ): Promise<readonly string[] | null> {
    const read = await this.#rows(`SELECT ${cut(name, dataType)} AS c0 FROM ${rows}`);
    return read === null ? null : [...new Set(read.flatMap((row) => row.c0 ?? []))].filter((value) => value !== "");
  }

  /**
   * None where the account has no privilege: then it can not tell anybody either. Null where the server refuses for another reason, as
   * when it takes too long. Rejects when the connection broke.
   */
  async #rows(sql: string): Promise<readonly OwnRow[] | null> {
    try {
      return await this.#query(sql);
    } catch (error) {
      if (error instanceof UpstreamRefusal) return NO_PRIVILEGE.has(error.error.errno) ? [] : null;
      throw error;
    }
  }

  async #query(sql: string): Promise<readonly OwnRow[]> {
    const timer = setTimeout(() => this.#close(), SILENCE_MS);
    try {
      return await this.#queries.query(sql);
    } finally {
      clearTimeout(timer);
    }
  }

  close(): void {
    this.#close();
  }
}
