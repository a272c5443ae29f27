import { eq, gt, gte, isNotNull, isNull, type SQL } from "drizzle-orm";
import { containsText } from "@/lib/db/like";
import { statements } from "@/lib/db/schema";
import type { StatementFilter } from "./filter";

/** How a filtered list is read: one index does the narrowing, `residual` is checked row by row. */
export interface StatementPlan {
  readonly index: string;
  readonly driving: SQL | undefined;
  readonly residual: readonly SQL[];
}

/**
 * Chooses the index by how much it narrows: a session, then an error number, a denial or review, a policy, an identity, a connection,
 * else the ids alone.
 * The rest is residual: two indexed conditions together have no index, and may hold for almost no row.
 */
export function planStatements(filter: StatementFilter): StatementPlan {
  const indexed: { index: string; condition: SQL }[] = [];
  const add = (index: string, condition: SQL | null) => condition !== null && indexed.push({ index, condition });
  add("statements_session", filter.session === undefined ? null : eq(statements.sessionId, filter.session));
  add("statements_error", filter.errorNumber === undefined ? null : eq(statements.errorNumber, filter.errorNumber));
  const { effect } = filter;
  // Allowed is most of all statements: that narrows nothing.
  add("statements_effect", effect === undefined || effect === "allow" ? null : eq(statements.effect, effect));
  add("statements_policy", filter.policy === undefined ? null : eq(statements.policyName, filter.policy));
  add("statements_identity", filter.identity === undefined ? null : eq(statements.identityId, filter.identity));
  add(
    "statements_connection_name",
    filter.connection === undefined ? null : eq(statements.connectionName, filter.connection),
  );
  const [first, ...others] = indexed;
  const residual = others.map(({ condition }) => condition);
  if (effect === "allow") {
    residual.push(eq(statements.effect, effect));
  }
  if (filter.rule !== undefined) {
    residual.push(eq(statements.ruleName, filter.rule));
  }
  if (filter.command !== undefined) {
    residual.push(eq(statements.command, filter.command));
  }
  if (filter.outcome !== undefined) {
    residual.push(filter.outcome === "error" ? isNotNull(statements.errorNumber) : isNull(statements.errorNumber));
  }
  if (filter.masked !== undefined) {
    residual.push(filter.masked === "yes" ? gt(statements.maskedRows, 0) : eq(statements.maskedRows, 0));
  }
  if (filter.minMilliseconds !== undefined) {
    residual.push(gte(statements.durationUs, Math.round(filter.minMilliseconds * 1000)));
  }
  if (filter.text !== undefined) {
    residual.push(containsText(statements.sql, filter.text));
  }
  return { index: first?.index ?? "PRIMARY", driving: first?.condition, residual };
}
