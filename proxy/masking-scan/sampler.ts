import type { Dialect } from "@/lib/sql/token";
import type { UpstreamTarget } from "../session/ports";
import { UpstreamRefusal } from "../upstream/auth";
import { connectUpstream } from "../upstream/connect";
import { OwnQueries } from "../upstream/own-queries";
import { sampleQuery, sessionSettings } from "./sample-query";
import type { ScannedColumn } from "./scanned-tables";

/** The server ends a statement after two seconds; a connection that is silent for this long is given up. */
const SILENCE_MS = 10_000;

/** Values by column in the order asked for, or the number of the error that the server gave instead. */
export type Sample =
  | { readonly kind: "values"; readonly values: readonly (readonly string[])[] }
  | { readonly kind: "refused"; readonly errno: number };

/** Reads a few values of columns, one statement at a time, over a short connection of the gateway's own. */
export class Sampler {
  readonly #queries: OwnQueries;
  readonly #close: () => void;

  private constructor(queries: OwnQueries, close: () => void) {
    this.#queries = queries;
    this.#close = close;
  }

  /** Logs in like a session: the same account and TLS rules. Rejects with SallyportError UNAVAILABLE. */
  static async open(target: UpstreamTarget, flavour: Dialect): Promise<Sampler> {
    const upstream = await connectUpstream({ target, schema: null, collation: 0, capabilities: 0 });
    const sampler = new Sampler(new OwnQueries(upstream.wire, upstream.capabilities), () => upstream.wire.destroy());
    try {
      for (const setting of sessionSettings(flavour)) await sampler.#query(setting);
      return sampler;
    } catch (error) {
      sampler.close();
      throw error;
    }
  }

  /** Rejects when the connection broke. The values are the caller's to drop. */
  async read(schema: string, table: string, columns: readonly ScannedColumn[]): Promise<Sample> {
    try {
      const rows = await this.#query(sampleQuery(schema, table, columns));
      return { kind: "values", values: columns.map((_, at) => rows.flatMap((row) => row[`c${at}`] ?? [])) };
    } catch (error) {
      if (error instanceof UpstreamRefusal) return { kind: "refused", errno: error.error.errno };
      throw error;
    }
  }

  async #query(sql: string): ReturnType<OwnQueries["query"]> {
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
