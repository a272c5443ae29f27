import { max } from "drizzle-orm";
import { z } from "zod";
import { recordAudit } from "@/lib/audit/record";
import { authorise } from "@/lib/auth/authorise";
import { connectionName } from "@/lib/connections/model";
import type { Ctx } from "@/lib/ctx";
import { revisions } from "@/lib/db/schema";
import { inTransaction } from "@/lib/db/transaction";
import { SallyportError } from "@/lib/errors/error";
import { confirmChange } from "@/lib/impact/confirm-change";
import { parseInput } from "@/lib/parse-input";
import { type Change, type ConnectionRow, planApply, type Stored } from "../apply/plan";
import { readStored } from "../apply/read-stored";
import { type ChangeInWords, changeInWords, summarise } from "../apply/words";
import { writeChanges } from "../apply/write-changes";
import { restrictedPlaceholder } from "../export";
import type { ConfigurationFile, ConnectionEntry } from "../file-schema";
import { publishRevision } from "../publish-revision";
import { readDocument } from "./diff-revisions";
import { readRevision } from "./read-revisions";
import { type RollBackDraft, rollBackDrafts } from "./roll-back-drafts";

export const rollBackInput = z.strictObject({
  number: z.int().min(1),
  /** The newest revision that the person has seen; CONFLICT when there is a newer one. */
  newest: z.int().min(1).optional(),
  /** Go on without the connections that can not be brought back (see `RolledBack.leftOut`). */
  leaveOut: z.boolean().default(false),
  /** Only say what would change. */
  check: z.boolean().default(false),
  /** By connection: what somebody typed to say what the rollback does there. */
  confirmations: z.record(connectionName, z.string().max(200)).default({}),
});

/** A connection that can not be brought back to what it was: a rollback never makes up a credential. */
export interface LeftOut {
  readonly connection: string;
  /** Policies of the revision that need it; not brought back either. Empty when the connection still exists. */
  readonly policies: readonly string[];
  readonly why: string;
}

export interface RolledBack {
  readonly changes: readonly ChangeInWords[];
  readonly leftOut: readonly LeftOut[];
  /** Connections made since: they stay, because a deleted credential can not be brought back, and so do their masks; their policies go. */
  readonly kept: readonly string[];
  /** Connections that had no restricted account then: the one that they have now stays, for the same reason. */
  readonly restrictedKept: readonly string[];
  /** What may give somebody more, by connection: its impact, or that nobody knows it, is confirmed in words. */
  readonly toConfirm: readonly RollBackDraft[];
  /** The published revision; null when nothing changed or it was only a check. */
  readonly revision: number | null;
}

/**
 * Brings connections, masks and policies back to what a revision says, as a new revision. Stored passwords stay. What needs a password that is
 * not stored (a connection deleted since, or one whose address or user changed) is a CONFLICT that names it, unless `leaveOut` says to go
 * on without. INVALID_INPUT at `confirmation` when its impact on a connection has to be confirmed in words.
 */
export async function rollBack(ctx: Ctx, input: z.input<typeof rollBackInput>): Promise<RolledBack> {
  authorise(ctx, "connections:edit");
  authorise(ctx, "policies:edit");
  const given = parseInput(rollBackInput, input, "The rollback");
  return inTransaction(ctx.db, async (tx) => {
    const stored = await readStored(tx);
    if (given.newest !== undefined) await refuseNewer({ ...ctx, db: tx }, given.newest);
    const revision = await readRevision(tx, given.number);
    const document = readDocument(revision);
    if (document === null) {
      throw new SallyportError(
        "CONFLICT",
        `This version of Sallyport does not read the file of revision ${given.number}`,
        {
          next: "Take its text, correct it and apply it as a file",
        },
      );
    }
    const { leftOut, plan } = planRollBack(document, stored);
    if (leftOut.length > 0 && !given.leaveOut && !given.check) throw cannotBringBack(given.number, leftOut);
    const changes = plan.map(changeInWords);
    const wanted = new Set(document.connections.map((one) => one.name));
    const kept = stored.connections.map((row) => row.name).filter((name) => !wanted.has(name));
    const restrictedKept = document.connections.flatMap((one) =>
      keepsRestricted(one, stored.connections) === null ? [] : [one.name],
    );
    const toConfirm = rollBackDrafts(plan, stored);
    const told = { changes, leftOut, kept, restrictedKept, toConfirm };
    if (given.check || changes.length === 0) return { ...told, revision: null };
    const inside = { ...ctx, db: tx };
    const confirmed = await confirmEach(inside, toConfirm, given.confirmations);
    await writeChanges(inside, plan);
    const published = await publishRevision(inside, summarise(`Rolled back to revision ${given.number}`, changes));
    await recordAudit(tx, ctx.actor, {
      action: "revision.rolled_back",
      object: { kind: "revision", id: String(given.number), name: `revision ${given.number}` },
      detail: { to: given.number, published, leftOut, kept, restrictedKept, ...confirmed },
    });
    return { ...told, revision: published };
  });
}

/** The words for each connection that needed some, for the audit trail. */
async function confirmEach(
  ctx: Ctx,
  drafts: readonly RollBackDraft[],
  typed: Readonly<Record<string, string>>,
): Promise<{ readonly confirmed?: Readonly<Record<string, string>> }> {
  const said: Record<string, string> = {};
  for (const { draft, loosens, unseen } of drafts) {
    const { connection } = draft;
    const change = { draft, onlyNarrows: false, loosens, unseen, typed: typed[connection] };
    const { confirmed } = await confirmChange(ctx, change);
    if (confirmed !== undefined) said[connection] = confirmed;
  }
  return Object.keys(said).length === 0 ? {} : { confirmed: said };
}

/** The changes that lead back, without those that need a password. */
function planRollBack(document: ConfigurationFile, stored: Stored): { leftOut: LeftOut[]; plan: readonly Change[] } {
  const gone = document.connections.filter((one) => !stored.connections.some((row) => row.name === one.name));
  const goneNames = new Set(gone.map((one) => one.name));
  const rest: ConfigurationFile = {
    ...document,
    connections: document.connections
      .filter((one) => !goneNames.has(one.name))
      .map((one) => ({ ...one, ...keepsRestricted(one, stored.connections) })),
    masks: document.masks.filter((one) => !goneNames.has(one.connection)),
    policies: document.policies.filter((one) => !goneNames.has(one.connection)),
  };
  const wanted = {
    file: rest,
    passwords: rest.connections.map(() => "keep stored" as const),
    restrictedPasswords: rest.connections.map(() => "keep stored" as const),
    authorities: rest.connections.map((one) => one.ca ?? null),
  };
  const { changes, problems } = planApply(wanted, stored, true);
  // Of a complete document and passwords that all stay, the only problems are accounts that need another password.
  const withoutPassword = (key: string) =>
    new Set(
      problems.flatMap(({ path }) =>
        path[0] === "connections" && path[2] === key ? [rest.connections[Number(path[1])]?.name] : [],
      ),
    );
  const moved = withoutPassword("password");
  const unrestricted = withoutPassword("restricted");
  const stuck = rest.connections.filter((one) => moved.has(one.name) || unrestricted.has(one.name));
  const stuckNames = new Set(stuck.map((one) => one.name));
  const named = new Set(rest.connections.map((one) => one.name));
  return {
    leftOut: [
      ...gone.map(({ name }) => ({
        connection: name,
        policies: document.policies.filter((one) => one.connection === name).map((one) => one.name),
        why: "it was deleted or renamed since, and its password with it",
      })),
      ...stuck.map(({ name, user, host, port, restricted }) => ({
        connection: name,
        policies: [],
        why: moved.has(name)
          ? `it was ${user} at ${host}:${port} then, and the stored password is of another account`
          : `its restricted account was ${restricted?.user} at ${host}:${port} then, and that one's password is not stored`,
      })),
    ],
    plan: changes.filter(
      (one) =>
        one.kind !== "delete connection" &&
        !(one.kind === "update connection" && stuckNames.has(one.row.name)) &&
        // What a connection that stays has to hide is hidden, also when someone is let in again.
        !(one.kind === "delete mask" && !named.has(one.connection)),
    ),
  };
}

/** The restricted account that a connection of the document did not have and has now; null when there is none to keep. */
function keepsRestricted(
  { name, restricted }: ConnectionEntry,
  rows: readonly ConnectionRow[],
): Pick<ConnectionEntry, "restricted"> | null {
  const user = rows.find((row) => row.name === name)?.restrictedUser ?? null;
  if (user === null || (restricted ?? null) !== null) return null;
  return { restricted: { user, password: { env: restrictedPlaceholder(name) } } };
}

async function refuseNewer(ctx: Ctx, seen: number): Promise<void> {
  const [row] = await ctx.db.select({ number: max(revisions.number) }).from(revisions);
  if ((row?.number ?? 0) === seen) return;
  throw new SallyportError("CONFLICT", `Revision ${row?.number ?? 0} was published after you opened the history`, {
    next: "Look at what it changed, then roll back again",
  });
}

function cannotBringBack(number: number, leftOut: readonly LeftOut[]): SallyportError {
  return new SallyportError("CONFLICT", `Revision ${number} can not be brought back as it was`, {
    next: "Create those connections again with their passwords, or roll back without them",
    problems: leftOut.map(({ connection, policies, why }) => ({
      path: `connections.${connection}`,
      message: policies.length === 0 ? why : `${why}; left out with it: ${policies.join(", ")}`,
    })),
  });
}
