import { and, eq, isNull, lt, or, sql } from "drizzle-orm";
import type { Db, DbOrTx } from "@/lib/db/client";
import { columnScans } from "@/lib/db/schema";
import { inTransaction } from "@/lib/db/transaction";
import { decodeKeys, encodeKeys } from "./column-keys";

/** A claim that is not renewed for this long is given up: its gateway died. */
const CLAIM_SECONDS = 60;
const MAX_ERROR = 500;

/** The right to look at one connection's columns; one process has it at a time. */
export interface ScanClaim {
  readonly connectionId: string;
  /** Made for this claim. */
  readonly by: string;
}

/** What came of asking for a claim. `checked`: keys of the columns that were looked at before. */
export type Claimed =
  | { readonly kind: "done" }
  | { readonly kind: "busy" }
  | { readonly kind: "claimed"; readonly checked: ReadonlySet<string> };

const until = sql`UTC_TIMESTAMP(3) + INTERVAL ${sql.raw(String(CLAIM_SECONDS))} SECOND`;
const ofClaim = ({ connectionId, by }: ScanClaim) =>
  and(eq(columnScans.connectionId, connectionId), eq(columnScans.claimedBy, by));

/** Claims the scan unless the columns with this fingerprint were looked at already, or another process is at it. By the store's clock. */
export async function claimScan(db: Db, claim: ScanClaim, fingerprint: string): Promise<Claimed> {
  const { connectionId, by } = claim;
  const read = async () =>
    (await db.select().from(columnScans).where(eq(columnScans.connectionId, connectionId)))[0] ?? null;
  if ((await read())?.fingerprint === fingerprint) return { kind: "done" };
  await db.insert(columnScans).ignore().values({ connectionId });
  const [won] = await db
    .update(columnScans)
    .set({ claimedBy: by, claimedUntil: until })
    .where(
      and(
        eq(columnScans.connectionId, connectionId),
        or(isNull(columnScans.claimedBy), lt(columnScans.claimedUntil, sql`UTC_TIMESTAMP(3)`)),
      ),
    );
  if (won.affectedRows === 0) return { kind: "busy" };
  const row = await read();
  if (row === null) return { kind: "busy" };
  // Whoever had the claim may have finished since the first look.
  if (row.fingerprint !== fingerprint) return { kind: "claimed", checked: decodeKeys(row.checked) };
  await db.update(columnScans).set({ claimedBy: null, claimedUntil: null }).where(ofClaim(claim));
  return { kind: "done" };
}

/** Runs `work` in a transaction that also renews the claim. False when the claim is lost: nothing was written then. */
export function underClaim(db: Db, claim: ScanClaim, work: (tx: DbOrTx) => Promise<void>): Promise<boolean> {
  return inTransaction(db, async (tx) => {
    const [held] = await tx.update(columnScans).set({ claimedUntil: until }).where(ofClaim(claim));
    if (held.affectedRows === 0) return false;
    await work(tx);
    return true;
  });
}

/** Notes which columns have been looked at. */
export async function saveChecked(tx: DbOrTx, claim: ScanClaim, checked: ReadonlySet<string>): Promise<void> {
  await tx
    .update(columnScans)
    .set({ checked: encodeKeys(checked), checkedCount: checked.size })
    .where(ofClaim(claim));
}

/**
 * Ends the claim. `fingerprint` of the columns when all of them were looked at, null when the scan broke off; `error` says which
 * tables could not be read, or why it broke off.
 */
export async function endScan(
  tx: DbOrTx,
  claim: ScanClaim,
  { fingerprint, error }: { readonly fingerprint: string | null; readonly error: string | null },
): Promise<void> {
  const complete = fingerprint === null ? {} : { fingerprint, scannedAt: sql`UTC_TIMESTAMP(3)` };
  await tx
    .update(columnScans)
    .set({ ...complete, lastError: error?.slice(0, MAX_ERROR) ?? null, claimedBy: null, claimedUntil: null })
    .where(ofClaim(claim));
}
