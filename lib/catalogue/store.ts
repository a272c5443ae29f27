import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { eq } from "drizzle-orm";
import { LRUCache } from "lru-cache";
import type { DbOrTx } from "@/lib/db/client";
import { catalogues } from "@/lib/db/schema";
import { SallyportError } from "@/lib/errors/error";
import { type Catalogue, type CatalogueSnapshot, compileCatalogue } from "@/lib/sql/catalogue";
import { snapshotHash } from "./read";
import { catalogueSnapshot } from "./snapshot-schema";

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/** Text of a larger document than any snapshot within the limits of `readCatalogue`. */
const MAX_DOCUMENT_BYTES = 512 * 1024 * 1024;
const MAX_ERROR = 500;

/** What is stored of one upstream's schema. */
export interface CatalogueState {
  /** Null when no gateway has read it yet. */
  readonly known: {
    readonly catalogue: Catalogue;
    /** SHA-256 of the snapshot, hex. */
    readonly hash: string;
    /** When this state was first seen. */
    readonly changedAt: Date;
  } | null;
  /** When a gateway last compared it with the upstream, or tried to. */
  readonly checkedAt: Date | null;
  /** Why the last comparison failed, or null. */
  readonly lastError: string | null;
}

/** By hash: equal hashes are equal snapshots, so nothing here can be out of date. */
const compiled = new LRUCache<string, Catalogue>({ max: 8 });

/**
 * Stores what a gateway read from an upstream. The same state again only notes that it was checked. Returns the snapshot's hash and
 * whether it is another one than before.
 */
export async function storeCatalogue(
  db: DbOrTx,
  connectionId: string,
  snapshot: CatalogueSnapshot,
  at: Date,
): Promise<{ readonly hash: string; readonly changed: boolean }> {
  const hash = snapshotHash(snapshot);
  const [known] = await db
    .select({ hash: catalogues.hash })
    .from(catalogues)
    .where(eq(catalogues.connectionId, connectionId));
  const checked = { checkedAt: at, lastError: null };
  if (known?.hash === hash) {
    await db.update(catalogues).set(checked).where(eq(catalogues.connectionId, connectionId));
    return { hash, changed: false };
  }
  const values = {
    hash,
    serverVersion: snapshot.serverVersion.slice(0, 100),
    tableCount: snapshot.tables.length,
    columnCount: snapshot.tables.reduce((sum, table) => sum + table.columns.length, 0),
    document: await compress(JSON.stringify(snapshot)),
    changedAt: at,
    ...checked,
  };
  await db
    .insert(catalogues)
    .values({ connectionId, ...values })
    .onDuplicateKeyUpdate({ set: values });
  return { hash, changed: true };
}

/** Notes that the catalogue could not be compared with the upstream, and why; what was read before stays. */
export async function noteCatalogueFailure(db: DbOrTx, connectionId: string, error: string, at: Date): Promise<void> {
  const noted = { lastError: error.slice(0, MAX_ERROR), checkedAt: at };
  await db
    .insert(catalogues)
    .values({ connectionId, ...noted })
    .onDuplicateKeyUpdate({ set: noted });
}

/**
 * The stored catalogue of a connection. The document is fetched and compiled only when its hash is new to this process. Throws
 * UNAVAILABLE when what is stored is not what its hash says.
 */
export async function loadCatalogue(db: DbOrTx, connectionId: string): Promise<CatalogueState> {
  const { hash, changedAt, checkedAt, lastError } = catalogues;
  const [row] = await db
    .select({ hash, changedAt, checkedAt, lastError })
    .from(catalogues)
    .where(eq(catalogues.connectionId, connectionId));
  if (row === undefined) {
    return { known: null, checkedAt: null, lastError: null };
  }
  const { checkedAt: at, lastError: error } = row;
  if (row.hash === null || row.changedAt === null) {
    return { known: null, checkedAt: at, lastError: error };
  }
  const cached = compiled.get(row.hash);
  const known =
    cached === undefined
      ? await readDocument(db, connectionId)
      : { catalogue: cached, hash: row.hash, changedAt: row.changedAt };
  return { known, checkedAt: at, lastError: error };
}

/** Hash and document in one read: a gateway may have stored another since. */
async function readDocument(db: DbOrTx, connectionId: string): Promise<CatalogueState["known"]> {
  const { hash, changedAt, document } = catalogues;
  const [row] = await db
    .select({ hash, changedAt, document })
    .from(catalogues)
    .where(eq(catalogues.connectionId, connectionId));
  if (row === undefined || row.hash === null || row.changedAt === null || row.document === null) {
    return null;
  }
  const catalogue = compileCatalogue(await parseDocument(row.document, row.hash));
  compiled.set(row.hash, catalogue);
  return { catalogue, hash: row.hash, changedAt: row.changedAt };
}

async function parseDocument(document: Buffer, hash: string): Promise<CatalogueSnapshot> {
  try {
    const text = (await decompress(document, { maxOutputLength: MAX_DOCUMENT_BYTES })).toString("utf8");
    if (createHash("sha256").update(text).digest("hex") === hash) return catalogueSnapshot.parse(JSON.parse(text));
  } catch (cause) {
    throw unreadable(cause);
  }
  throw unreadable(null);
}

function unreadable(cause: unknown): SallyportError {
  return new SallyportError("UNAVAILABLE", "The stored catalogue of the connection is not readable", {
    next: "Delete the connection's row of the table catalogues: a gateway then reads the schema again",
    ...(cause === null ? {} : { cause }),
  });
}
