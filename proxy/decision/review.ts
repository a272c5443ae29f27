import { createHash } from "node:crypto";
import type { TableAccess } from "@/lib/approvals/context";
import { purposeOf } from "@/lib/approvals/purpose";
import type { ApprovalRequest } from "@/lib/approvals/request-approval";
import type { GrantBinding, TakenGrant } from "@/lib/approvals/take-grant";
import type { Verdict } from "@/lib/policy/plan";
import type { Subject } from "@/lib/policy/subject";
import { lex } from "@/lib/sql/lexer";
import type { BoundValue } from "../protocol/stmt-execute";
import type { Ruling, StatementRequest } from "../session/gate";
import type { LoginGrant } from "../session/ports";
import type { Entry } from "./entry";
import type { Scope } from "./scope";

const MAX_FINGERPRINT = 255;
const MAX_REASON = 500;
const MAX_PROGRAM = 255;

/** What people have said about an execution that is decided on again. */
export interface Asked {
  /** The request that it waited for. */
  readonly approval: string | null;
  /** It may run by this, if nothing denies it now; null: nothing was taken for it yet. */
  readonly grant: TakenGrant | null;
}

/** A request of the session, and what was asked about it before. */
export interface Execution extends StatementRequest {
  readonly asked?: Asked;
}

/** One execution that a person has to decide on. */
export interface Review {
  readonly entry: Entry;
  readonly verdict: Verdict;
  /** The verdict's reason for the reviewer and for who waits, with what holds at the moment only. */
  readonly told: string;
  /** As the client sent it; a copy. */
  readonly text: Buffer;
  /** Values of a prepared statement. */
  readonly bound: readonly BoundValue[] | null;
  readonly scope: Scope;
  readonly request: Execution;
  /** Decides on the same execution by what is in force then. */
  readonly again: (asked: Asked) => Ruling | Promise<Ruling>;
}

/** Who asks, of which session. */
export interface Asker {
  readonly grant: LoginGrant;
  readonly sessionId: string;
  readonly clientProgram: string | null;
}

/** What would go upstream, and is decided on. */
export function reviewedSql({ entry, text }: Review): Buffer {
  return entry.server ?? text;
}

/** What an approval of this execution is bound to. */
export function bindingOf(review: Review, { grant, sessionId }: Asker): GrantBinding {
  const { entry, bound, request } = review;
  const { fingerprint } = request.session;
  return {
    connectionId: grant.connection.id,
    identityId: grant.identity.id,
    sessionId,
    statementId: request.id,
    defaultSchema: request.schema,
    sessionFingerprint:
      fingerprint.length <= MAX_FINGERPRINT ? fingerprint : createHash("sha256").update(fingerprint).digest("hex"),
    sql: reviewedSql(review).toString("utf8"),
    templateHash: entry.templateHash,
    parameters: bound ?? [],
  };
}

/** The request with all that the reviewer is shown. `until`: how long the client waits; null: it does not. */
export function approvalRequest(review: Review, asker: Asker, until: number | null): ApprovalRequest {
  const { entry, verdict, told, scope, request } = review;
  const around = request.client?.surroundings() ?? null;
  const { expires_minutes, required } = scope.parts.approvals;
  return {
    ...bindingOf(review, asker),
    connectionName: asker.grant.connection.name,
    statementClass: entry.subject.class,
    policyName: verdict.policy,
    ruleName: verdict.rule,
    reason: told.slice(0, MAX_REASON),
    required,
    expiresMinutes: expires_minutes,
    holdState: until === null ? "retry_only" : "held",
    holdUntil: until === null ? null : new Date(until),
    purpose: purposeIn(review),
    clientProgram: asker.clientProgram?.slice(0, MAX_PROGRAM) ?? null,
    transaction: around?.transaction ?? null,
    earlier: around === null ? null : [...around.earlier],
    access: accessOf(entry.subject),
    masking: entry.masking.recorded,
  };
}

function purposeIn({ text, request }: Review): string | null {
  const read = lex(text, request.session.dialect);
  return read.ok ? purposeOf(read.lexed.comments) : null;
}

/** Tables and columns, those that are reached through views too; null where the gateway knows the kind of statement only. */
function accessOf(subject: Subject): ApprovalRequest["access"] {
  if (subject.kind !== "analysed") return null;
  const { tables, columns } = subject.analysis;
  const of = (write: boolean): TableAccess[] => {
    const names = new Map<string, Set<string>>();
    const named = ({ schema, table }: { readonly schema: string; readonly table: string }) => {
      const name = `${schema}.${table}`;
      const known = names.get(name) ?? new Set<string>();
      names.set(name, known);
      return known;
    };
    for (const table of tables) if ((table.access !== "read") === write) named(table);
    for (const column of columns) if ((column.access === "write") === write) named(column).add(column.column);
    // A row that is deleted, or a table that is dropped, is so with all of its columns.
    return [...names].map(([table, list]) => ({ table, columns: write && list.size === 0 ? null : [...list] }));
  };
  return { reads: of(false), writes: of(true) };
}
