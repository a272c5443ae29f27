import { setImmediate as nextTurn } from "node:timers/promises";
import type { AnalysisTools } from "@/lib/analyses/analyst";
import type { Db } from "@/lib/db/client";
import { identities } from "@/lib/db/schema";
import type { ImpactDraft } from "@/lib/policy/impact/draft";
import { Impact, type ImpactIdentity } from "@/lib/policy/impact/impact";
import type { ImpactResult } from "@/lib/policy/impact/model";
import type { ImpactState } from "@/lib/policy/impact/state";
import { newestRevision } from "@/lib/policy/revisions/newest-revision";
import { knownCatalogue, storedConnection, storedMasks, storedPolicies, withDrafts } from "@/lib/policy/stored-state";
import { ParserWorker } from "@/lib/sql/parse/worker-pool";
import { readTraffic } from "@/lib/statements/traffic";

/** So long the event loop may be busy with it in one go, in milliseconds. */
const BUSY_MS = 10;
/** Statements that are fetched in one go: what the driver makes of them must not keep the event loop for long. */
const BATCH = 2_000;
/** Statements between two looks at the clock. */
const STRIDE = 64;

/**
 * Puts a draft to the recorded statements of a connection: what is in force now and what the draft would make of each of them. Who an
 * identity is, is taken as it is known now: groups that its tokens had then are not recorded. Reads the store, changes nothing. Throws
 * NOT_FOUND for an unknown connection, UNAVAILABLE while its schema is not known, and what `signal` aborts with.
 */
export async function measureImpact(
  db: Db,
  draft: ImpactDraft,
  { since, until }: { readonly since: Date; readonly until: Date },
  { signal, progress }: AnalysisTools,
): Promise<ImpactResult> {
  progress(0, "reading what is in force");
  const { connection, before, catalogue, revision } = await inForce(db, draft.connection);
  const after: ImpactState = {
    ...before,
    policies: withDrafts(before.policies, draft),
    masks: draft.masks ?? before.masks,
    mode: draft.mode ?? before.mode,
  };
  const known = await knownIdentities(db);
  const parser = new ParserWorker();
  try {
    const impact = new Impact(
      {
        catalogue: catalogue.catalogue,
        connectionSchema: connection.schema,
        before,
        after,
        parse: (texts) => parser.parse(texts),
      },
      (id) => known.get(id) ?? unknownIdentity(id),
    );
    let statements = 0;
    for await (const batch of ahead(readTraffic(db, { connection, since, until }, BATCH))) {
      let pausedAt = performance.now();
      for (const [at, statement] of batch.entries()) {
        const later = impact.add(statement);
        if (later !== null) await later;
        if (at % STRIDE !== 0 || performance.now() - pausedAt < BUSY_MS) continue;
        await nextTurn();
        signal.throwIfAborted();
        pausedAt = performance.now();
      }
      signal.throwIfAborted();
      statements += batch.length;
      const reached = batch.at(-1)?.at.getTime() ?? since.getTime();
      const share = (reached - since.getTime()) / Math.max(1, until.getTime() - since.getTime());
      progress(share, `${statements.toLocaleString("en")} statements decided again`);
    }
    return impact.result({
      since: since.toISOString(),
      until: until.toISOString(),
      catalogueHash: catalogue.hash,
      revision,
    });
  } finally {
    await parser.close();
  }
}

/** What decides on the connection's statements now, in one consistent view of the store. */
async function inForce(db: Db, name: string) {
  return db.transaction(
    async (tx) => {
      const connection = await storedConnection(tx, name);
      const before: ImpactState = {
        policies: await storedPolicies(tx, connection.id),
        masks: await storedMasks(tx, connection.id),
        mode: connection.mode,
        restricted: connection.restrictedUser !== null && connection.sealedRestrictedPassword !== null,
      };
      const catalogue = await knownCatalogue(tx, connection);
      return { connection, before, catalogue, revision: await newestRevision(tx) };
    },
    { isolationLevel: "repeatable read", withConsistentSnapshot: true },
  );
}

async function knownIdentities(db: Db): Promise<ReadonlyMap<string, ImpactIdentity>> {
  const { id, displayName: name, clientId, subject, groups, email } = identities;
  const rows = await db.select({ id, name, clientId, subject, groups, email }).from(identities);
  return new Map(rows.map((row) => [row.id, row]));
}

/** Nobody is deleted; a record that was brought from elsewhere may name somebody whom this store does not know. */
function unknownIdentity(id: string): ImpactIdentity {
  return { id, name: id, clientId: null, subject: "", groups: [], email: null };
}

/** The same items; the next one is fetched while the caller works on the one before. */
async function* ahead<T>(items: AsyncGenerator<T>): AsyncGenerator<T> {
  let next = items.next();
  try {
    for (;;) {
      const { done, value } = await next;
      if (done === true) return;
      next = items.next();
      // Heard of when it is awaited.
      next.catch(() => undefined);
      yield value;
    }
  } finally {
    await next.catch(() => undefined);
    await items.return(undefined);
  }
}
