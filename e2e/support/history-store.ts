import type { Db } from "@/lib/db/client";
import {
  columnReads,
  identities,
  statementMinutes,
  statementPeriods,
  statements,
  statementTemplates,
  templateObjects,
  templateUses,
} from "@/lib/db/schema";
import type { Past, PastStatement } from "./history";
import { Sums } from "./history-sums";

const SLICE = 500;

async function inSlices<T>(rows: readonly T[], insert: (slice: T[]) => Promise<unknown>): Promise<void> {
  for (let from = 0; from < rows.length; from += SLICE) await insert(rows.slice(from, from + SLICE));
}

function rowOf(one: PastStatement): typeof statements.$inferInsert {
  const { template: t, identity, ...same } = one;
  const decided = one.effect !== null;
  return {
    ...same,
    identityId: identity.id,
    connectionId: "0".repeat(26),
    connectionName: t.connection,
    command: "query",
    defaultSchema: t.schema,
    sqlBytes: Buffer.byteLength(one.sql),
    errorMessage: one.errorNumber === null ? null : "failed",
    statementClass: t.statementClass,
    templateHash: t.hash,
    policyName: decided ? t.policy : null,
    ruleName: decided ? t.rule : null,
    decisionReason: decided ? `rule ${t.rule}` : null,
  };
}

/** Writes a past as gateways would have: statements, templates, what they touch, and every sum. Gives its statements, oldest first. */
export async function insertPast(
  db: Db,
  past: Past,
): Promise<{ readonly statements: readonly PastStatement[]; readonly sums: Sums }> {
  const made = [...past.statements()];
  const sums = new Sums();
  for (const one of made) sums.add(one);
  const now = new Date();
  await db.insert(identities).values(
    past.identities.map(({ id, name }) => ({
      id,
      issuer: "https://idp.example",
      subject: id,
      kind: "machine" as const,
      clientId: name,
      displayName: name,
      groups: [],
      firstSeenAt: now,
      lastSeenAt: now,
    })),
  );
  await inSlices(past.templates, (slice) =>
    db.insert(statementTemplates).values(
      slice.map(({ connection, schema, hash, policy, rule, ...same }) => ({
        ...same,
        connectionName: connection,
        templateHash: hash,
        defaultSchema: schema,
        firstAt: now,
        lastAt: now,
      })),
    ),
  );
  const objects = past.templates.flatMap((t) => [
    ...t.tables.map((name) => ({ name, kind: "table" as const, templateId: t.id })),
    ...[...new Set([...t.reads, ...t.uses, ...t.writes])].map((name) => ({
      name,
      kind: "column" as const,
      templateId: t.id,
    })),
  ]);
  await inSlices(objects, (slice) => db.insert(templateObjects).values(slice));
  await inSlices(made.map(rowOf), (slice) => db.insert(statements).values(slice));
  await inSlices([...sums.periods.minute.values()], (slice) =>
    db.insert(statementMinutes).values(slice.map(({ start, ...same }) => ({ minute: start, ...same }))),
  );
  for (const grain of ["hour", "day"] as const) {
    await inSlices([...sums.periods[grain].values()], (slice) =>
      db.insert(statementPeriods).values(slice.map((one) => ({ ...one, grain }))),
    );
  }
  await inSlices([...sums.reads.values()], (slice) => db.insert(columnReads).values(slice));
  await inSlices([...sums.uses.values()], (slice) => db.insert(templateUses).values(slice));
  return { statements: made, sums };
}
