import { createHash } from "node:crypto";
import type { z } from "zod";
import { recordAudit } from "@/lib/audit/record";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { analyses } from "@/lib/db/schema";
import type { AnalysisKind } from "@/lib/db/schema/analyses";
import { inTransaction } from "@/lib/db/transaction";
import { newId } from "@/lib/ids";
import { parseInput } from "@/lib/parse-input";

/** Equal for questions that ask the same, whatever the order of their keys. */
export function inputHash(kind: AnalysisKind, input: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify([kind, sorted(input)]))
    .digest("hex");
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, one]) => one !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => [key, sorted(one)]),
  );
}

/** Queues long work; a process that does such work takes it within a second. Throws FORBIDDEN, INVALID_INPUT. */
export async function startAnalysis<Input extends { readonly connection: string }>(
  ctx: Ctx,
  kind: AnalysisKind,
  schema: z.ZodType<Input>,
  input: unknown,
): Promise<{ readonly id: string }> {
  authorise(ctx, "analyses:run");
  const parsed = parseInput(schema, input, "The question");
  const id = newId();
  const { actor } = ctx;
  await inTransaction(ctx.db, async (tx) => {
    await tx.insert(analyses).values({
      id,
      kind,
      connectionName: parsed.connection,
      input: parsed,
      inputHash: inputHash(kind, parsed),
      createdAt: new Date(),
      createdById: actor.kind === "system" ? null : actor.id,
      createdBy: actor.name.slice(0, 255),
    });
    await recordAudit(tx, actor, {
      action: "analysis.started",
      object: { kind: "analysis", id, name: kind },
      connectionName: parsed.connection,
      detail: { kind },
    });
  });
  return { id };
}
