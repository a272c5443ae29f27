import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { inTransaction } from "@/lib/db/transaction";
import type { FieldProblem } from "@/lib/errors/error";
import { invalid, parseConfigurationFile } from "../file/parse";
import { publishRevision } from "../publish-revision";
import { planApply } from "./plan";
import { readStored } from "./read-stored";
import { type OutsideReader, resolveOutside } from "./resolve";
import { fileWarnings } from "./warnings";
import { type ChangeInWords, changeInWords, summarise } from "./words";
import { writeChanges } from "./write-changes";

export interface ApplyInput {
  /** The file's text, YAML or JSON, and its name for messages. */
  readonly text: string;
  readonly name: string;
  readonly reader: OutsideReader;
  /** Delete connections, masks and policies that the file does not name. */
  readonly prune: boolean;
  /** Only say what would change. */
  readonly check: boolean;
}

export interface Applied {
  readonly changes: readonly ChangeInWords[];
  /** In the store, not in the file, and left alone. */
  readonly untouched: readonly string[];
  /** Rules and masks that are valid and can not work, at their place in the file. */
  readonly warnings: readonly FieldProblem[];
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
  const warnings = await fileWarnings(ctx.db, parsed);
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
      return { changes, untouched, warnings, revision: null };
    }
    const inside = { ...ctx, db: tx };
    await writeChanges(inside, plan.changes);
    const revision = await publishRevision(inside, summarise("Applied a file", changes));
    return { changes, untouched, warnings, revision };
  });
}

function isAt(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.join() === b.join();
}
