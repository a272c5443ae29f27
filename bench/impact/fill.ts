import mysql from "mysql2/promise";
import { storeCatalogue } from "@/lib/catalogue/store";
import { openStore } from "@/lib/db/client";
import { connections, identities, policies } from "@/lib/db/schema";
import { newId } from "@/lib/ids";
import { columnsOf } from "@/lib/policy/policy-columns";
import { load, type Value, withoutIndexes } from "../load-rows";
import {
  BENCH_CONNECTION,
  type BenchStatement,
  benchCatalogue,
  benchPeople,
  benchPolicies,
  benchStatements,
} from "./record";

export const BENCH_DAYS = 30;
export const BENCH_MAX_LIMIT = 100;

const COLUMNS = [
  "id",
  "session_id",
  "identity_id",
  "connection_id",
  "connection_name",
  "sequence",
  "at",
  "command",
  "state",
  "waited_us",
  "default_schema",
  "sql",
  "sql_bytes",
  "parameters",
  "duration_us",
  "row_count",
  "affected_rows",
  "result_bytes",
  "statement_class",
  "template_hash",
  "effect",
] as const;

function valuesOf({ id, at, identityId, command, sql, templateHash, parameters }: BenchStatement): Value[] {
  const { id: connectionId, name, schema } = BENCH_CONNECTION;
  const bound = parameters === null ? null : JSON.stringify(parameters);
  const kind = sql.slice(0, 6).toLowerCase();
  const session = identityId;
  const ran = [60, schema, sql, sql.length, bound, 900, 1, 0, 96, kind, templateHash, "allow"] as const;
  return [id, session, identityId, connectionId, name, 1, at, command, "done", ...ran];
}

/** Fills an empty, migrated store with a connection and what its people have run on it. */
export async function fillRecord(url: string, count: number, say: (text: string) => void): Promise<void> {
  const store = openStore(url);
  const now = new Date();
  const written = { createdAt: now, updatedAt: now, updatedBy: "bench" };
  try {
    await store.db.insert(connections).values({
      ...BENCH_CONNECTION,
      host: "127.0.0.1",
      port: 3306,
      user: "app",
      sealedPassword: "",
      tls: "preferred",
      mode: "enforce",
      limits: {},
      approvals: { hold_seconds: 45, expires_minutes: 60, required: 1, reviewers: [] },
      recording: { results: "full", max_result_bytes: 0, retention_days: 90 },
      catalogue: { refresh_seconds: 30 },
      ...written,
    });
    for (const { name, ...content } of benchPolicies(BENCH_MAX_LIMIT)) {
      const row = { id: newId(), name, connectionId: BENCH_CONNECTION.id, ...columnsOf(content) };
      await store.db.insert(policies).values({ ...row, ...written });
    }
    await storeCatalogue(store.db, BENCH_CONNECTION.id, benchCatalogue(), now);
    for (const { id, name, groups } of benchPeople()) {
      const facts = { issuer: "https://idp.example", subject: id, kind: "machine", clientId: name, groups } as const;
      await store.db
        .insert(identities)
        .values({ id, ...facts, groups, displayName: name, firstSeenAt: now, lastSeenAt: now });
    }
  } finally {
    await store.close();
  }
  const connection = await mysql.createConnection({ uri: url, timezone: "Z", charset: "utf8mb4_unicode_ci" });
  try {
    say(`loading ${count.toLocaleString("en")} statements`);
    await withoutIndexes(connection, "statements", () =>
      load(connection, "statements", COLUMNS, benchStatements(count, BENCH_DAYS), valuesOf),
    );
    await connection.query("ANALYZE TABLE statements");
  } finally {
    await connection.end();
  }
}
