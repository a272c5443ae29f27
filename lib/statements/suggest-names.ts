import { and, asc, desc, eq, ne } from "drizzle-orm";
import { z } from "zod";
import { authorise } from "@/lib/auth/authorise";
import { may } from "@/lib/auth/roles";
import type { Ctx } from "@/lib/ctx";
import { containsText } from "@/lib/db/like";
import {
  columnFindings,
  columnReads,
  connections,
  identities,
  policies,
  statementTemplates,
  templateObjects,
} from "@/lib/db/schema";
import { allErrorNumbers } from "./resolve";

/** What a filter offers while one types. `read_column`: columns that somebody got values of, hidden and sensitive ones first. */
export const NAME_KINDS = ["table", "column", "read_column", "identity", "rule", "error", "template"] as const;
export const nameQuestion = z.strictObject({
  kind: z.enum(NAME_KINDS),
  /** A part of the name. */
  q: z.string().max(200).default(""),
  connection: z.string().min(1).max(32).optional(),
  policy: z.string().min(1).max(64).optional(),
});
type NameQuestion = z.output<typeof nameQuestion>;

export const NAME_CHOICES = 20;

export interface NameChoice {
  readonly value: string;
  readonly detail: string;
}

/** Names that contain the text, at most NAME_CHOICES. Throws FORBIDDEN. */
export async function suggestNames(ctx: Ctx, question: NameQuestion): Promise<NameChoice[]> {
  authorise(ctx, "statements:view");
  switch (question.kind) {
    case "table":
    case "column":
      return touchedNames(ctx, question.kind, question);
    case "read_column":
      return readColumns(ctx, question);
    case "identity":
      return identityNames(ctx, question);
    case "rule":
      return ruleNames(ctx, question);
    case "error":
      return errorNumbers(ctx, question);
    case "template":
      return templates(ctx, question);
    default:
      return question.kind satisfies never;
  }
}

async function touchedNames(
  ctx: Ctx,
  kind: "table" | "column",
  { q, connection }: NameQuestion,
): Promise<NameChoice[]> {
  const { name } = templateObjects;
  const meets = and(eq(templateObjects.kind, kind), q === "" ? undefined : containsText(name, q));
  const query = ctx.db.selectDistinct({ value: name }).from(templateObjects).$dynamic();
  const narrowed =
    connection === undefined
      ? query.where(meets)
      : query
          .innerJoin(statementTemplates, eq(statementTemplates.id, templateObjects.templateId))
          .where(and(meets, eq(statementTemplates.connectionName, connection)));
  const rows = await narrowed.orderBy(asc(name)).limit(NAME_CHOICES);
  return rows.map(({ value }) => ({ value, detail: kind }));
}

async function readColumns(ctx: Ctx, { q, connection }: NameQuestion): Promise<NameChoice[]> {
  const { column } = columnReads;
  const meets = and(
    connection === undefined ? undefined : eq(columnReads.connectionName, connection),
    q === "" ? undefined : containsText(column, q),
  );
  const names = (more: ReturnType<typeof and>) =>
    ctx.db
      .selectDistinct({ value: column })
      .from(columnReads)
      .where(and(meets, more))
      .orderBy(asc(column))
      .limit(NAME_CHOICES);
  const [masked, sensitive, all] = await Promise.all([
    names(ne(columnReads.how, "clear")),
    findings(ctx, q, connection),
    names(undefined),
  ]);
  const choices = new Map<string, string>();
  for (const [rows, detail] of [
    [masked, "masked"],
    [sensitive, "sensitive"],
    [all, "read"],
  ] as const) {
    for (const { value } of rows) if (!choices.has(value)) choices.set(value, detail);
  }
  return [...choices].slice(0, NAME_CHOICES).map(([value, detail]) => ({ value, detail }));
}

/** Columns that were found to hold something sensitive, read or not. */
async function findings(ctx: Ctx, q: string, connection: string | undefined): Promise<{ readonly value: string }[]> {
  if (ctx.actor.kind === "person" && !may(ctx.actor.roles, "findings:view")) return [];
  const { schema, table, column } = columnFindings;
  const rows = await ctx.db
    .select({ schema, table, column })
    .from(columnFindings)
    .innerJoin(connections, eq(connections.id, columnFindings.connectionId))
    .where(
      and(
        ne(columnFindings.status, "dismissed"),
        connection === undefined ? undefined : eq(connections.name, connection),
      ),
    );
  return rows
    .map((one) => ({ value: `${one.schema}.${one.table}.${one.column}` }))
    .filter(({ value }) => value.toLowerCase().includes(q.toLowerCase()));
}

async function identityNames(ctx: Ctx, { q }: NameQuestion): Promise<NameChoice[]> {
  const rows = await ctx.db
    .select({ value: identities.id, detail: identities.displayName })
    .from(identities)
    .where(q === "" ? undefined : containsText(identities.displayName, q))
    .orderBy(desc(identities.lastSeenAt))
    .limit(NAME_CHOICES);
  return rows;
}

async function ruleNames(ctx: Ctx, { q, connection, policy }: NameQuestion): Promise<NameChoice[]> {
  const rows = await ctx.db
    .select({ name: policies.name, rules: policies.rules })
    .from(policies)
    .innerJoin(connections, eq(connections.id, policies.connectionId))
    .where(
      and(
        policy === undefined ? undefined : eq(policies.name, policy),
        connection === undefined ? undefined : eq(connections.name, connection),
      ),
    );
  return rows
    .flatMap(({ name, rules }) => rules.map((rule) => ({ value: rule.name, detail: `policy ${name}` })))
    .filter(({ value }) => value.toLowerCase().includes(q.toLowerCase()))
    .slice(0, NAME_CHOICES);
}

async function errorNumbers(ctx: Ctx, { q }: NameQuestion): Promise<NameChoice[]> {
  const numbers = await allErrorNumbers(ctx.db);
  return numbers
    .map((number) => ({ value: String(number), detail: "error" }))
    .filter(({ value }) => value.startsWith(q))
    .slice(0, NAME_CHOICES);
}

async function templates(ctx: Ctx, { q, connection }: NameQuestion): Promise<NameChoice[]> {
  const { templateHash: value, text: detail } = statementTemplates;
  return ctx.db
    .select({ value, detail })
    .from(statementTemplates)
    .where(
      and(
        q === "" ? undefined : containsText(detail, q),
        connection === undefined ? undefined : eq(statementTemplates.connectionName, connection),
      ),
    )
    .orderBy(desc(statementTemplates.lastAt))
    .limit(NAME_CHOICES);
}
