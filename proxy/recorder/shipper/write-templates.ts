import { inArray, or, sql } from "drizzle-orm";
import type { Connection } from "mysql2/promise";
import type { DbOrTx } from "@/lib/db/client";
import { statementTemplates, templateObjects } from "@/lib/db/schema";
import { newId } from "@/lib/ids";
import type { TemplateFacts } from "../../session/ports";
import { insertKept } from "./bulk-insert";
import { isTemplate } from "./store-reads";
import { storedRow } from "./stored-row";
import type { Work } from "./work";
import { templateKey } from "./work-draft";

type Refused = (row: Readonly<Record<string, unknown>>, error: unknown) => null;

/** Another gateway may have said it before: its id and its first time stay. */
const KNOWN_TAIL = ` ON DUPLICATE KEY UPDATE ${["text", "statement_class", "tables", "reads", "uses", "writes"]
  .map((name) => `\`${name}\` = VALUES(\`${name}\`)`)
  .join(",")}, last_at = GREATEST(last_at, VALUES(last_at))`;
const SAME_TAIL = " ON DUPLICATE KEY UPDATE name = VALUES(name)";
/** Templates in one statement. */
const RUN = 200;

/** Templates with what they touch, and the last use of those that are known. */
export async function writeTemplates(connection: Connection, tx: DbOrTx, work: Work, refused: Refused): Promise<void> {
  for (let at = 0; at < work.templates.length; at += RUN) {
    await writeFacts(connection, tx, work.templates.slice(at, at + RUN), refused);
  }
  const lastAt = sql`GREATEST(${statementTemplates.lastAt}, ${sql.param(work.usedAt, statementTemplates.lastAt)})`;
  for (let at = 0; at < work.used.length; at += RUN) {
    const these = or(...work.used.slice(at, at + RUN).map(isTemplate));
    await tx.update(statementTemplates).set({ lastAt }).where(these);
  }
}

async function writeFacts(
  connection: Connection,
  tx: DbOrTx,
  templates: readonly TemplateFacts[],
  refused: Refused,
): Promise<void> {
  const made = templates.map(({ at, ...facts }) =>
    storedRow(statementTemplates, {
      ...facts,
      id: newId(),
      defaultSchema: facts.defaultSchema ?? "",
      firstAt: at,
      lastAt: at,
    }),
  );
  const rows = await insertKept(connection, statementTemplates, made, refused, KNOWN_TAIL);
  if (rows.length === 0) return;
  const { id, connectionName, templateHash, defaultSchema } = statementTemplates;
  const stored = await tx
    .select({ id, connectionName, templateHash, defaultSchema })
    .from(statementTemplates)
    .where(or(...rows.map(isTemplate)));
  const idOf = new Map(stored.map((row) => [templateKey(row), row.id]));
  const objects = rows.flatMap((row) => {
    const templateId = idOf.get(templateKey(row));
    if (templateId === undefined) return [];
    const columns = new Set([...row.reads, ...row.uses, ...row.writes]);
    return [
      ...[...new Set(row.tables)].map((name) => storedRow(templateObjects, { name, kind: "table", templateId })),
      ...[...columns].map((name) => storedRow(templateObjects, { name, kind: "column", templateId })),
    ];
  });
  await tx.delete(templateObjects).where(inArray(templateObjects.templateId, [...idOf.values()]));
  await insertKept(connection, templateObjects, objects, refused, SAME_TAIL);
}
