import { pino } from "pino";
import { signerFrom } from "@/lib/chain/signer";
import { identities } from "@/lib/db/schema";
import { Shipment } from "@/proxy/recorder/shipper/shipment";
import type { Observed } from "./observed";
import type { TestStore } from "./store";
import { prepareStore, record, TestSpool } from "./test-spool";

const BATCH = 500;

/** The identity's name in the id that a gateway under test gives it. */
const nameOf = (identityId: string) => identityId.replace(/0+$/, "").toLowerCase();

/**
 * Brings what a gateway under test recorded to a store, by way of a spool and the shipper: sessions, templates, statements and every sum.
 * Identities get rows with their name as subject and client id. To be called once for what was observed.
 */
export async function shipObserved(store: TestStore, { starts, templates, statements }: Observed): Promise<void> {
  const { gatewayId } = await prepareStore(store.db);
  const now = new Date();
  for (const id of new Set(starts.map(({ identityId }) => identityId))) {
    const name = nameOf(id);
    const facts = { issuer: "https://idp.example", subject: name, clientId: name, displayName: name };
    await store.db
      .insert(identities)
      .values({ id, ...facts, kind: "machine", groups: [], firstSeenAt: now, lastSeenAt: now })
      .onDuplicateKeyUpdate({ set: { lastSeenAt: now } });
  }
  const spool = new TestSpool(gatewayId);
  try {
    spool.write(starts.map((row) => record("session_start", row)));
    spool.write(templates.map((facts) => record("template", facts)));
    for (let from = 0; from < statements.length; from += BATCH) {
      spool.write(statements.slice(from, from + BATCH).map((row) => record("statement", row)));
    }
    const shipment = new Shipment({
      ...{ db: store.db, pool: store.pool, signer: signerFrom(Buffer.alloc(32, 7)), log: pino({ level: "silent" }) },
      ...{ timeoutMs: 60_000, directory: spool.directory, gatewayId, name: "gateway under test" },
      position: spool.position,
    });
    while (await shipment.step(0));
  } finally {
    spool.remove();
  }
}
