import { eq } from "drizzle-orm";
import type { DbOrTx } from "@/lib/db/client";
import { gateways, identities, sessions } from "@/lib/db/schema";
import { sessionEndedAt, sessionState } from "./live-state";

const columns = {
  session: sessions,
  identityName: identities.displayName,
  identityKind: identities.kind,
  identityStatus: identities.status,
  gatewayHostname: gateways.hostname,
  gatewayAddress: gateways.address,
  gatewayHeartbeatAt: gateways.heartbeatAt,
  gatewayStoppedAt: gateways.stoppedAt,
};

/** Sessions with who and where; for the verbs that list and get them. */
export function selectSessions(db: DbOrTx, index?: string) {
  return db
    .select(columns)
    .from(sessions, index === undefined ? undefined : { forceIndex: index })
    .innerJoin(identities, eq(identities.id, sessions.identityId))
    .innerJoin(gateways, eq(gateways.id, sessions.gatewayId));
}

type Selected = Awaited<ReturnType<typeof selectSessions>>[number];

/** The row as pages get it: with its state at `now`, and the end as well as it is known. */
export function describeSession({ session, ...others }: Selected, now: Date) {
  const facts = { ...session, ...others };
  return { ...facts, state: sessionState(facts, now), endedAt: sessionEndedAt(facts, now) };
}

/** One session as lists and its page show it; sizes in bytes. */
export type SessionFacts = ReturnType<typeof describeSession>;
