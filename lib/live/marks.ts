import { sql } from "drizzle-orm";
import { LOOKING_SECONDS } from "@/lib/approvals/looking";
import type { DbOrTx } from "@/lib/db/client";
import { LIVE_TOPICS, type LiveTopic } from "./topics";

/** One text per topic that differs when something of it changed. */
export type Marks = Readonly<Record<LiveTopic, string>>;

/** Reads all marks in one statement; every part is answered from an index or a table of a few rows. */
export async function readMarks(db: DbOrTx): Promise<Marks> {
  const [rows] = (await db.execute(sql`SELECT
    (SELECT MAX(id) FROM statements) AS statements,
    (SELECT CONCAT_WS(' ', MAX(id), (SELECT COUNT(*) FROM sessions WHERE ended_at IS NULL)) FROM sessions) AS sessions,
    (SELECT CONCAT_WS(' ', COUNT(*), SUM(version), (SELECT MAX(updated_at) FROM approvals),
      (SELECT CONCAT_WS(' ', COUNT(*), BIT_XOR(CRC32(CONCAT(approval_id, identity_id)))) FROM approval_viewers
        WHERE seen_at > UTC_TIMESTAMP(3) - INTERVAL ${sql.raw(String(LOOKING_SECONDS))} SECOND))
      FROM approvals WHERE state = 'pending') AS approvals,
    (SELECT MAX(id) FROM audit_events) AS audit,
    (SELECT CONCAT_WS(' ', (SELECT COUNT(*) FROM connections), (SELECT MAX(updated_at) FROM connections),
      (SELECT COUNT(*) FROM policies), (SELECT MAX(updated_at) FROM policies))) AS connections,
    (SELECT CONCAT_WS(' ', COUNT(*), MAX(status_changed_at), SUM(session_version)) FROM identities) AS identities,
    (SELECT CONCAT_WS(' ', COUNT(*), SUM(stopped_at IS NULL AND heartbeat_at > UTC_TIMESTAMP(3) - INTERVAL 15 SECOND)) FROM gateways) AS gateways`)) as unknown as [
    Record<string, unknown>[],
  ];
  const row = rows[0] ?? {};
  const mark = (topic: LiveTopic) => String(row[topic] ?? "");
  return {
    statements: mark("statements"),
    sessions: mark("sessions"),
    approvals: mark("approvals"),
    audit: mark("audit"),
    connections: mark("connections"),
    identities: mark("identities"),
    gateways: mark("gateways"),
  };
}

/** The topics whose mark differs. */
export function changedTopics(before: Marks, after: Marks): LiveTopic[] {
  return LIVE_TOPICS.filter((topic) => before[topic] !== after[topic]);
}
