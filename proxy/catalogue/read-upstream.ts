import { readFingerprint } from "@/lib/catalogue/fingerprint";
import { readCatalogue } from "@/lib/catalogue/read";
import { SallyportError } from "@/lib/errors/error";
import type { UpstreamTarget } from "../session/ports";
import { connectUpstream } from "../upstream/connect";
import { OwnQueries } from "../upstream/own-queries";
import type { ReadCatalogue } from "./connection-catalogue";

/** A catalogue that takes longer is not waited for. */
const READ_MS = 60_000;

/**
 * Reads the catalogue, unless its fingerprint is `known`: null then. Over a short connection of its own, logged in like a session's: the same account and TLS rules. Rejects with
 * SallyportError UNAVAILABLE, which names neither account nor address.
 */
export async function readUpstreamCatalogue(
  target: UpstreamTarget,
  known: string | null,
): Promise<ReadCatalogue | null> {
  const upstream = await connectUpstream({ target, schema: null, collation: 0, capabilities: 0 });
  const queries = new OwnQueries(upstream.wire, upstream.capabilities);
  const timer = setTimeout(() => upstream.wire.destroy(), READ_MS);
  try {
    const query = (sql: string) => queries.query(sql);
    // Taken first: what changes while the catalogue is read differs from it at the next refresh.
    const fingerprint = await readFingerprint(query);
    return fingerprint === known ? null : { fingerprint, snapshot: await readCatalogue(query) };
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
