import { typeFamily } from "@/lib/masking/suggest/type-family";
import { columnText } from "@/lib/self-test/attack";
import type { PinnedColumn } from "@/lib/self-test/pinned-columns";
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
      const value = (await this.#rows(sql))[0]?.c0;
      const written = value === null || value === undefined ? null : literal(value);
      if (written !== null) found.set(column, written);
    }
    return found;
  }

  /** By `schema.table.column`: the values of the rows that attacks on the table read. */
  async values({ from, tail, limit, table, columns }: Target): Promise<ReadonlyMap<string, readonly string[]>> {
    const list = columns.map(({ name, dataType }, at) => {
      const long = ["text", "bytes"].includes(typeFamily(dataType));
      return `${long ? `LEFT(${name}, ${LONGEST_VALUE})` : name} AS c${at}`;
    });
    const rows = table.primaryKey.length > 0 ? tail : `${tail.slice(0, -limit.length)} LIMIT ${UNORDERED_ROWS}`;
    const read = await this.#rows(`SELECT ${list.join(", ")} FROM ${from}${rows}`);
    return new Map(
      columns.map(({ base }, at) => [
        columnText(base),
        [...new Set(read.flatMap((row) => row[`c${at}`] ?? []))].filter((value) => value !== ""),
      ]),
    );
  }

  /** None where the server refuses: then the account can not tell anybody either. Rejects when the connection broke. */
  async #rows(sql: string): Promise<readonly OwnRow[]> {
    try {
      return await this.#query(sql);
    } catch (error) {
      if (error instanceof UpstreamRefusal) return [];
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
