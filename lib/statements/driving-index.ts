import { and, eq, gt, gte, inArray, isNotNull, isNull, ne, or, type SQL } from "drizzle-orm";
import { containsText } from "@/lib/db/like";
import { statements } from "@/lib/db/schema";
import type { StatementFilter } from "./filter";
import { isInState } from "./known-state";
import { BRANCH_LIMIT, type Resolved, type TemplateBranch } from "./resolve";

/**
 * One way to read a filtered list: each branch is a run of `index` in the order of ids, together they hold every row that meets the
 * filter; `residual` is checked row by row.
 */
export interface StatementPlan {
  readonly index: string;
  /** Undefined: the whole index. No branch at all: no row meets the filter. */
  readonly branches: readonly (SQL | undefined)[];
  readonly residual: readonly SQL[];
}

interface Condition {
  readonly index: string;
  readonly branches: readonly SQL[];
  /** The same as one condition, for when another index drives. */
  readonly residual: SQL;
  /** Left to check when this one drives. */
  readonly still?: SQL | undefined;
}

/**
 * The ways to read a filter, by how much their index usually narrows: a session, templates, an error number, a denial or review, a
 * policy, an identity, a connection, else the ids alone. Two indexed conditions together have no index: one drives, the others are
 * checked. There is always at least one.
 */
export function planStatements(
  filter: StatementFilter,
  resolved: Resolved,
): readonly [StatementPlan, ...StatementPlan[]] {
  const indexed = indexedConditions(filter, resolved);
  const rest = unindexedConditions(filter, resolved);
  const plans = indexed.map((driving) => ({
    index: driving.index,
    branches: driving.branches,
    residual: [
      ...indexed.filter((one) => one !== driving).map((one) => one.residual),
      ...(driving.still === undefined ? [] : [driving.still]),
      ...rest,
    ],
  }));
  const [first, ...others] = plans;
  return first === undefined ? [{ index: "PRIMARY", branches: [undefined], residual: rest }] : [first, ...others];
}

function indexedConditions(filter: StatementFilter, { templates, errorNumbers }: Resolved): Condition[] {
  const found: Condition[] = [];
  const add = (index: string, condition: SQL | false, still?: SQL) => {
    if (condition)
      found.push({
        index,
        branches: [condition],
        residual: still ? (and(condition, still) ?? condition) : condition,
        still,
      });
  };
  add("statements_session", filter.session !== undefined && eq(statements.sessionId, filter.session));
  if (templates !== null && templates.length <= BRANCH_LIMIT) {
    found.push({
      index: "statements_template",
      branches: templates.flatMap((one) => and(eq(statements.templateHash, one.hash), one.where) ?? []),
      residual: amongTemplates(templates),
    });
  } else if (templates === null) {
    add("statements_template", filter.template !== undefined && eq(statements.templateHash, filter.template));
  }
  add("statements_error", filter.errorNumber !== undefined && eq(statements.errorNumber, filter.errorNumber));
  if (errorNumbers !== null && errorNumbers.length <= BRANCH_LIMIT) {
    found.push({
      index: "statements_error",
      branches: errorNumbers.map((number) => eq(statements.errorNumber, number)),
      residual: isNotNull(statements.errorNumber),
    });
  }
  const { effect } = filter;
  // Allowed is most of all statements: that narrows nothing.
  add("statements_effect", effect !== undefined && effect !== "allow" && eq(statements.effect, effect));
  // Only a review holds a statement.
  add("statements_effect", filter.held === "yes" && eq(statements.effect, "review"), isNotNull(statements.approvalId));
  add("statements_policy", filter.policy !== undefined && eq(statements.policyName, filter.policy));
  add("statements_identity", filter.identity !== undefined && eq(statements.identityId, filter.identity));
  add(
    "statements_connection_name",
    filter.connection !== undefined && eq(statements.connectionName, filter.connection),
  );
  return found;
}

function unindexedConditions(filter: StatementFilter, { templates, errorNumbers }: Resolved): SQL[] {
  const { outcome, masked, held, minMilliseconds } = filter;
  const conditions: (SQL | false | undefined)[] = [
    filter.effect === "allow" && eq(statements.effect, "allow"),
    templates !== null && templates.length > BRANCH_LIMIT && amongTemplates(templates),
    filter.rule !== undefined && eq(statements.ruleName, filter.rule),
    filter.command !== undefined && eq(statements.command, filter.command),
    filter.state !== undefined && isInState(filter.state),
    filter.statementClass !== undefined && eq(statements.statementClass, filter.statementClass),
    outcome === "ok" && isNull(statements.errorNumber),
    outcome === "error" &&
      (errorNumbers === null || errorNumbers.length > BRANCH_LIMIT) &&
      isNotNull(statements.errorNumber),
    masked !== undefined && (masked === "yes" ? gt(statements.maskedRows, 0) : eq(statements.maskedRows, 0)),
    held === "no" && or(isNull(statements.approvalId), isNull(statements.effect), ne(statements.effect, "review")),
    minMilliseconds !== undefined && gte(statements.durationUs, Math.round(minMilliseconds * 1000)),
    filter.text !== undefined && containsText(statements.sql, filter.text),
  ];
  return conditions.filter((one) => one !== false && one !== undefined);
}

/** The templates as one condition on a row. */
function amongTemplates(templates: readonly TemplateBranch[]): SQL {
  const plain = templates.filter((one) => one.where === undefined).map((one) => one.hash);
  const some = [
    inArray(statements.templateHash, plain.length === 0 ? [""] : plain),
    ...templates.flatMap((one) =>
      one.where === undefined ? [] : (and(eq(statements.templateHash, one.hash), one.where) ?? []),
    ),
  ];
  return or(...some) ?? inArray(statements.templateHash, [""]);
}
