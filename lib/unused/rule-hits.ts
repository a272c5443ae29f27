import { and, eq, gte, inArray, isNotNull, lt, notInArray, sql } from "drizzle-orm";
import type { DbOrTx } from "@/lib/db/client";
import { statements } from "@/lib/db/schema";
import { firstIdAt } from "@/lib/db/ulid-bounds";

/** Whose statements: the connection's, recorded under any of these names. */
export interface HitConnection {
  readonly id: string;
  readonly names: readonly string[];
}

/** Statements of one identity, template and default schema that one rule let go upstream, between two instants. `except`: ids of identities. */
export function readRuleHits(
  db: DbOrTx,
  { id, names }: HitConnection,
  since: Date,
  until: Date,
  except: readonly string[],
) {
  return db
    .select({
      policy: statements.policyName,
      rule: statements.ruleName,
      identityId: statements.identityId,
      templateHash: statements.templateHash,
      defaultSchema: sql<string>`COALESCE(${statements.defaultSchema}, '')`,
      statements: sql<number>`COUNT(*)`.mapWith(Number),
      lastId: sql<string>`MAX(${statements.id})`,
    })
    .from(statements)
    .where(
      and(
        inArray(statements.connectionName, [...names]),
        eq(statements.connectionId, id),
        gte(statements.id, firstIdAt(since)),
        lt(statements.id, firstIdAt(until)),
        isNotNull(statements.waitedUs),
        isNotNull(statements.ruleName),
        except.length === 0 ? undefined : notInArray(statements.identityId, [...except]),
      ),
    )
    .groupBy(
      statements.policyName,
      statements.ruleName,
      statements.identityId,
      statements.templateHash,
      sql`COALESCE(${statements.defaultSchema}, '')`,
    );
}

export type StoredRuleHit = Awaited<ReturnType<typeof readRuleHits>>[number];
