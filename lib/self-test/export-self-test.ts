import { z } from "zod";
import { recordAudit } from "@/lib/audit/record";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { exportHead, exportLine } from "@/lib/exports/format";
import { parseInput } from "@/lib/parse-input";
import { getSelfTest } from "./read-self-tests";

export const SELF_TEST_FORMATS = ["json", "csv"] as const;
export const selfTestFormat = z.enum(SELF_TEST_FORMATS);

const COLUMNS = ["family", "outcome", "tries", "statements", "about", "why", "mend", "statementId", "id"] as const;

/** A run as a file: whole as JSON, or its attacks as a spreadsheet's rows. Throws FORBIDDEN, INVALID_INPUT, NOT_FOUND. */
export async function exportSelfTest(
  ctx: Ctx,
  id: string,
  input: unknown,
): Promise<{ readonly format: z.output<typeof selfTestFormat>; readonly name: string; readonly text: string }> {
  authorise(ctx, "records:export");
  const format = parseInput(selfTestFormat, input, "The format");
  const { result } = await getSelfTest(ctx, id);
  await recordAudit(ctx.db, ctx.actor, {
    action: "export.created",
    object: { kind: "analysis", id, name: "self_test" },
    connectionName: result.connection.name,
    detail: { what: "self_test", format },
  });
  const name = `self-test-${result.connection.name}-${result.startedAt.slice(0, 10)}`;
  if (format === "json") return { format, name, text: `${JSON.stringify({ id, ...result }, null, 2)}\n` };
  const rows = result.attacks.map((one) =>
    exportLine("csv", COLUMNS, { ...one, statements: one.statements.join("\n"), bound: null }),
  );
  return { format, name, text: `${exportHead("csv", COLUMNS)}${rows.join("")}` };
}
