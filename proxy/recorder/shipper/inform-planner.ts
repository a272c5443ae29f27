import type { Db } from "@/lib/db/client";
import type { DecodedRecord } from "./decode";
import type { Planner } from "./planner";
import { knownSessions, knownTemplates, runningStatements } from "./store-reads";
import { templateKey } from "./work-draft";

/** Tells a planner what the store knows of sessions, running statements and templates that records are about and that it lacks. */
export async function informPlanner(db: Db, planner: Planner, records: readonly DecodedRecord[]): Promise<void> {
  const missing = planner.missing(records);
  const sessions = await knownSessions(db, missing.sessions);
  const statements = await runningStatements(db, missing.statements);
  planner.know(sessions, statements);
  const keys = planner.missingTemplates(records);
  const found = new Map((await knownTemplates(db, keys)).map((one) => [templateKey(one), one]));
  for (const key of keys) planner.knowTemplate(key, found.get(templateKey(key)) ?? null);
}
