import { readCatalogue } from "@/lib/catalogue/read";
import { SallyportError } from "@/lib/errors/error";
import type { CatalogueSnapshot } from "@/lib/sql/catalogue";
import type { UpstreamTarget } from "../session/ports";
import { connectUpstream } from "../upstream/connect";
import { OwnQueries } from "../upstream/own-queries";

/** A catalogue that takes longer is not waited for. */
const READ_MS = 60_000;

/**
 * Reads the catalogue over a short connection of its own, logged in like a session's: the same account and TLS rules. Rejects with
 * SallyportError UNAVAILABLE, which names neither account nor address.
 */
export async function readUpstreamCatalogue(target: UpstreamTarget): Promise<CatalogueSnapshot> {
  const upstream = await connectUpstream({ target, schema: null, collation: 0, capabilities: 0 });
  const queries = new OwnQueries(upstream.wire, upstream.capabilities);
  const timer = setTimeout(() => upstream.wire.destroy(), READ_MS);
  try {
    return await readCatalogue((sql) => queries.query(sql));
  } catch (cause) {
    if (cause instanceof SallyportError) throw cause;
    throw new SallyportError("UNAVAILABLE", "The upstream's tables could not be read", {
      next: "Ask an admin to test the connection in the console",
      cause,
    });
  } finally {
    clearTimeout(timer);
    upstream.wire.destroy();
  }
}
