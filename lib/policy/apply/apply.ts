import { eq } from "drizzle-orm";
import { authorise } from "@/lib/auth/authorise";
import { openCredential } from "@/lib/connections/credential";
import type { Ctx } from "@/lib/ctx";
import type { DbOrTx } from "@/lib/db/client";
import { connections, gatewayFeed, policies } from "@/lib/db/schema";
import { inTransaction } from "@/lib/db/transaction";
import { invalid, parseConfigurationFile } from "../file/parse";
import { publishRevision } from "../publish-revision";
import { type ConnectionRow, planApply, type Stored } from "./plan";
import { type OutsideReader, resolveOutside } from "./resolve";
import { type ChangeInWords, changeInWords, summarise } from "./words";
import { writeChanges } from "./write-changes";

export interface ApplyInput {
  /** The file's text, YAML or JSON, and its name for messages. */
  readonly text: string;
  readonly name: string;
  readonly reader: OutsideReader;
  /** Delete connections and policies that the file does not name. */
  readonly prune: boolean;
  /** Only say what would change. */
  readonly check: boolean;
}

export interface Applied {
  readonly changes: readonly ChangeInWords[];
  /** In the store, not in the file, and left alone. */
  readonly untouched: readonly string[];
  /** The published revision; null when nothing changed or it was only a check. */
  readonly revision: number | null;
}

/**
 * Brings the configuration to what a file says: all of it in one transaction and one revision, or nothing. Throws INVALID_INPUT with every
 * problem at its line. Applying the same file again changes nothing and publishes nothing.
 */
export async function applyConfiguration(ctx: Ctx, input: ApplyInput): Promise<Applied> {
  authorise(ctx, "connections:edit");
  authorise(ctx, "policies:edit");
  const parsed = parseConfigurationFile(input.text, input.name);
  const { wanted, problems } = resolveOutside(parsed, input.reader);
  return inTransaction(ctx.db, async (tx) => {
    const plan = planApply(wanted, await readStored(tx), input.prune);
    const all = [...problems, ...plan.problems.filter((one) => !problems.some((known) => isAt(known.path, one.path)))];
    if (all.length > 0) {
      throw invalid(
        input.name,
        all.map(({ path, message }) => parsed.problem(path, message)),
      );
    }
    const changes = plan.changes.map(changeInWords);
    const { untouched } = plan;
    if (input.check || changes.length === 0) {
      return { changes, untouched, revision: null };
    }
    const inside = { ...ctx, db: tx };
    await writeChanges(inside, plan.changes);
    return { changes, untouched, revision: await publishRevision(inside, summarise(changes)) };
  });
}

function isAt(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.join() === b.join();
}

/** Reads under the feed's row lock: of two applies at a time, the second sees what the first did. */
async function readStored(tx: DbOrTx): Promise<Stored> {
  await tx.select().from(gatewayFeed).where(eq(gatewayFeed.id, 1)).for("update");
  return {
    connections: await tx.select().from(connections).for("update"),
    policies: await tx.select().from(policies).for("update"),
    passwordIs,
  };
}

function passwordIs(row: ConnectionRow, text: string): boolean {
  try {
    return openCredential(row.id, row.sealedPassword) === text;
  } catch {
    // Sealed with another master key: storing it again is the remedy.
    return false;
  }
}
