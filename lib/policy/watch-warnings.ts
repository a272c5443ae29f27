import { and, eq, gt, inArray } from "drizzle-orm";
import { namesOfNamed } from "@/lib/connections/names-of";
import type { DbOrTx } from "@/lib/db/client";
import { connections, masks, templateUses } from "@/lib/db/schema";
import type { PolicyContent } from "./policy-columns";
import type { RuleWarning } from "./rule-warnings";

/** What the warnings compare a policy's budgets and sudden behaviour with. */
export interface WatchedWorld {
  /** Some identity has run something on the connection, and it is recorded. */
  readonly history: boolean;
  readonly masks: boolean;
}

/** Budgets and sudden behaviour that are valid and can not do what their author wants of them. `path` is meant from the policy. */
export function watchWarnings(
  { budgets = [], sudden }: Pick<PolicyContent, "budgets" | "sudden">,
  connection: string,
  world: WatchedWorld,
): RuleWarning[] {
  const unmasked = budgets.flatMap(({ measure }, at) =>
    measure === "masked_lookups" && !world.masks
      ? [{ path: ["budgets", at, "measure"], message: `${connection} has no masks: nothing counts against it` }]
      : [],
  );
  return [...unmasked, ...suddenWarnings(sudden, connection, world)];
}

function suddenWarnings(sudden: PolicyContent["sudden"], connection: string, { history }: WatchedWorld): RuleWarning[] {
  if (sudden === undefined) return [];
  if (sudden.new_template === "allow" && sudden.new_table === "allow" && sudden.rows_factor === undefined) {
    return [{ path: ["sudden"], message: "it reviews nothing: say what of new_template, new_table and rows_factor" }];
  }
  if (history) return [];
  const message = `nobody has run anything on ${connection} yet: each identity is held for what is new a day after its first statement`;
  return [{ path: ["sudden"], message }];
}

/** Whether anything that ran on the connection is recorded, under any of its names. */
export async function hasHistory(db: DbOrTx, connectionName: string): Promise<boolean> {
  const names = await namesOfNamed(db, connectionName);
  const rows = await db
    .select({ day: templateUses.day })
    .from(templateUses)
    .where(and(inArray(templateUses.connectionName, [...names]), gt(templateUses.executed, 0)))
    .limit(1);
  return rows.length > 0;
}

export async function hasMasks(db: DbOrTx, connectionName: string): Promise<boolean> {
  const rows = await db
    .select({ id: masks.id })
    .from(masks)
    .innerJoin(connections, eq(connections.id, masks.connectionId))
    .where(eq(connections.name, connectionName))
    .limit(1);
  return rows.length > 0;
}
