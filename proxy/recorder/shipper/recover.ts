import { and, eq, isNull, sql } from "drizzle-orm";
import { auditRow } from "@/lib/audit/record";
import type { DbOrTx } from "@/lib/db/client";
import { auditEvents, gateways, sessions } from "@/lib/db/schema";
import { cutGateway } from "@/lib/sessions/mark-cut";
import type { EndFacts, ShipmentEnd } from "./shipment";
import { storedRow } from "./stored-row";

const NOTE_LENGTH = 255;

/** What the spool lost, for people; null when nothing. */
function lossesOf({ tornBytes, damages, lostRecords }: EndFacts): string | null {
  const parts = [
    tornBytes > 0 ? `${tornBytes} bytes of an unfinished write at its end were cut` : null,
    damages.length > 0 ? `${damages.length} damaged places, ${lostRecords} records lost at least` : null,
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join("; ");
}

/** The end of a gateway's own chain, when it stops. */
export function ownEnd(gateway: { readonly id: string; readonly name: string }, facts: EndFacts): ShipmentEnd {
  const losses = lossesOf(facts);
  const event = losses === null ? null : recoveredEvent(gateway, gateway.name, facts, losses);
  return { event, ending: { note: losses?.slice(0, NOTE_LENGTH) ?? null, also: async () => undefined } };
}

/** The end of a dead gateway's chain: its sessions are cut, and an event of the chain says what was found of its spool. */
export function recoveredEnd(
  gateway: { readonly id: string; readonly name: string },
  adopter: string,
  facts: EndFacts,
): ShipmentEnd {
  const losses = lossesOf(facts);
  const note = `the gateway died; its spool was recovered by ${adopter}${losses === null ? "" : `: ${losses}`}`;
  return {
    event: recoveredEvent(gateway, adopter, facts, losses),
    ending: { note: note.slice(0, NOTE_LENGTH), also: (tx) => cutRest(tx, gateway.id) },
  };
}

function recoveredEvent(
  { id, name }: { readonly id: string; readonly name: string },
  adopter: string,
  { shipped, unknown, tornBytes, damages, lostRecords }: EndFacts,
  losses: string | null,
) {
  const row = auditRow(
    { kind: "system", name: adopter },
    {
      action: "spool.recovered",
      result: damages.length > 0 ? "failed" : "ok",
      object: { kind: "gateway", id, name },
      message: `${shipped} records were brought to the store${losses === null ? "" : `; ${losses}`}`,
      detail: {
        records: shipped,
        unknownStatements: unknown,
        tornBytes,
        lostRecords,
        damages: damages.map(({ segment, from, to }) => ({ segment, from, to })),
      },
    },
  );
  return storedRow(auditEvents, row);
}

/** Nobody waits for the heartbeat any more: the gateway is known to be dead. */
async function cutRest(tx: DbOrTx, gatewayId: string): Promise<void> {
  await cutGateway(tx, gatewayId, isNull(gateways.stoppedAt));
  // Those whose start reached the store after the gateway had been given up.
  await tx
    .update(sessions)
    .set({
      endedAt: sql`GREATEST(${sessions.startedAt}, COALESCE(${sessions.lastStatementAt}, ${sessions.startedAt}))`,
      endReason: "cut",
    })
    .where(and(eq(sessions.gatewayId, gatewayId), isNull(sessions.endedAt)));
}
