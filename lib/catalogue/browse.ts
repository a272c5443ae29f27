import { eq } from "drizzle-orm";
import { z } from "zod";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { connections, masks, policies } from "@/lib/db/schema";
import { SallyportError } from "@/lib/errors/error";
import type { MaskMethodName, MaskOptions } from "@/lib/masking/mask";
import { compileMasks } from "@/lib/masking/mask-set";
import { readStoredMasks } from "@/lib/masks/stored-masks";
import { parseInput } from "@/lib/parse-input";
import { compilePolicies } from "@/lib/policy/compile";
import type { Effect } from "@/lib/policy/rule";
import { readStoredPolicy } from "@/lib/policy/stored-policy";
import { understandTemplate } from "@/lib/policy/understand-template";
import type { Catalogue, CatalogueTable } from "@/lib/sql/catalogue";
import { loadCatalogue } from "./store";

/** A table as the tree lists it. */
export interface TableEntry {
  readonly name: string;
  readonly kind: "table" | "view";
  readonly columns: number;
}

/** What is known of an upstream's schema, without the columns: those are read table by table. */
export interface SchemaTree {
  readonly known: {
    readonly serverVersion: string;
    readonly flavour: "mysql" | "mariadb";
    readonly changedAt: Date;
    readonly schemas: readonly { readonly name: string; readonly tables: readonly TableEntry[] }[];
  } | null;
  readonly checkedAt: Date | null;
  readonly lastError: string | null;
}

/** The schemas of a connection with their tables, by name. Throws FORBIDDEN. */
export async function readSchemaTree(ctx: Ctx, connectionId: string): Promise<SchemaTree> {
  authorise(ctx, "connections:view");
  const { known, checkedAt, lastError } = await loadCatalogue(ctx.db, connectionId);
  if (known === null) return { known: null, checkedAt, lastError };
  const { serverVersion, flavour, schemas, tables } = known.catalogue.snapshot;
  const bySchema = new Map<string, TableEntry[]>(schemas.map((name) => [name, []]));
  for (const { schema, name, kind, columns } of tables) {
    const entry = { name, kind, columns: columns.length };
    const list = bySchema.get(schema);
    if (list === undefined) bySchema.set(schema, [entry]);
    else list.push(entry);
  }
  const listed = [...bySchema]
    .map(([name, entries]) => ({ name, tables: entries.toSorted(byName) }))
    .toSorted((a, b) => ownFirst(a.name, b.name) || byName(a, b));
  return { known: { serverVersion, flavour, changedAt: known.changedAt, schemas: listed }, checkedAt, lastError };
}

/** The server's own schema stands behind what people made. */
const ownFirst = (a: string, b: string) => Number(isServers(a)) - Number(isServers(b));
const isServers = (schema: string) => schema.toLowerCase() === "information_schema";

const byName = (a: { readonly name: string }, b: { readonly name: string }) => (a.name < b.name ? -1 : 1);

async function catalogueOf(
  ctx: Ctx,
  connectionId: string,
): Promise<{ catalogue: Catalogue | null; schema: string | null }> {
  const [connection] = await ctx.db
    .select({ schema: connections.schema })
    .from(connections)
    .where(eq(connections.id, connectionId));
  if (connection === undefined) {
    throw new SallyportError("NOT_FOUND", "There is no such connection", {
      next: "Go back to the list of connections",
    });
  }
  const { known } = await loadCatalogue(ctx.db, connectionId);
  return { catalogue: known?.catalogue ?? null, schema: connection.schema };
}

/** A rule that is about a table. `named`: it names it, else it is about every table. */
export interface RuleAbout {
  readonly policyId: string;
  readonly policy: string;
  readonly rule: string;
  readonly effect: Effect;
  readonly named: boolean;
}

export interface TableDetail {
  readonly table: CatalogueTable;
  readonly rules: readonly RuleAbout[];
  /** Its masked columns, each with the mask that counts for it. */
  readonly masks: readonly {
    readonly column: string;
    readonly pattern: string;
    readonly method: MaskMethodName;
    readonly options: MaskOptions;
  }[];
}

const tableInput = z.object({ schema: z.string().min(1).max(64), table: z.string().min(1).max(64) });

/** One table with its columns and keys, and the rules that are about it. Throws FORBIDDEN, NOT_FOUND, INVALID_INPUT. */
export async function readTable(ctx: Ctx, connectionId: string, input: unknown): Promise<TableDetail> {
  authorise(ctx, "connections:view");
  const { catalogue, schema: defaultSchema } = await catalogueOf(ctx, connectionId);
  const { schema, table: name } = parseInput(tableInput, input, "The table");
  const found = catalogue?.snapshot.tables.find((one) => one.schema === schema && one.name === name);
  if (catalogue === null || found === undefined) {
    throw new SallyportError("NOT_FOUND", `There is no table ${schema}.${name}`, {
      next: "It may have been dropped or renamed; reload the page",
    });
  }
  const [rules, masks] = await Promise.all([
    rulesAbout(ctx, connectionId, found, catalogue, defaultSchema),
    masksAbout(ctx, connectionId, found),
  ]);
  return { table: found, rules, masks };
}

async function masksAbout(ctx: Ctx, connectionId: string, table: CatalogueTable): Promise<TableDetail["masks"]> {
  const rows = await ctx.db.select().from(masks).where(eq(masks.connectionId, connectionId));
  const set = compileMasks(readStoredMasks(rows).masks, []);
  return table.columns.flatMap(({ name }) => {
    const mask = set.configured({ schema: table.schema, table: table.name, column: name });
    return mask === null ? [] : [{ column: name, pattern: mask.column, method: mask.method, options: mask.options }];
  });
}

async function rulesAbout(
  ctx: Ctx,
  connectionId: string,
  table: CatalogueTable,
  catalogue: Catalogue,
  defaultSchema: string | null,
): Promise<RuleAbout[]> {
  const rows = await ctx.db.select().from(policies).where(eq(policies.connectionId, connectionId));
  const base = { schema: table.schema, table: table.name };
  const context = { dialect: catalogue.snapshot.flavour, catalogue, defaultSchema, pipesAsConcat: false };
  return rows.toSorted(byName).flatMap((row) => {
    const { rules } = compilePolicies([readStoredPolicy(row).bound.policy], (text) =>
      understandTemplate(text, context),
    );
    return rules.flatMap(({ name, effect, tables, columns, template }): RuleAbout[] => {
      const about = { policyId: row.id, policy: row.name, rule: name, effect };
      if (template !== null) {
        const means = !("unusable" in template) && template.tables.has(`${base.schema}\u0000${base.table}`);
        return means ? [{ ...about, named: true }] : [];
      }
      const wanted = columns?.wanted ?? [];
      if (tables === null && wanted.length === 0) return [{ ...about, named: false }];
      const patterns = tables ?? wanted.map((column) => column.table);
      return patterns.some((pattern) => pattern.matches(base)) ? [{ ...about, named: true }] : [];
    });
  });
}

/** How many names a search gives. */
const MAX_NAMES = 50;
const namesInput = z.object({ kind: z.enum(["table", "column"]), q: z.string().max(300).default("") });

/** A name with what it is, e.g. `shop.orders` and "table, 7 columns". */
export interface FoundName {
  readonly value: string;
  readonly detail: string;
}

/**
 * Tables (`schema.table`) or columns (`schema.table.column`) that hold the text, those that begin with it first. Throws FORBIDDEN,
 * NOT_FOUND, INVALID_INPUT.
 */
export async function findNames(ctx: Ctx, connectionId: string, input: unknown): Promise<FoundName[]> {
  authorise(ctx, "connections:view");
  const { catalogue, schema } = await catalogueOf(ctx, connectionId);
  const { kind, q } = parseInput(namesInput, input, "The search");
  if (catalogue === null) return [];
  return searchNames(catalogue.snapshot.tables, kind, q, schema);
}

/** The search itself; stops as soon as enough names begin with the text. */
export function searchNames(
  tables: readonly CatalogueTable[],
  kind: "table" | "column",
  q: string,
  defaultSchema: string | null,
): FoundName[] {
  const wanted = q.trim().toLowerCase().replaceAll("`", "");
  const first: FoundName[] = [];
  const others: FoundName[] = [];
  const offer = (value: string, short: string, detail: () => string) => {
    const lower = value.toLowerCase();
    const starts = lower.startsWith(wanted) || short.toLowerCase().startsWith(wanted);
    if (starts) first.push({ value, detail: detail() });
    else if (others.length < MAX_NAMES && lower.includes(wanted)) others.push({ value, detail: detail() });
  };
  const own = ({ schema }: CatalogueTable) => (schema === defaultSchema ? 0 : isServers(schema) ? 2 : 1);
  for (const one of tables.toSorted((a, b) => own(a) - own(b))) {
    if (first.length >= MAX_NAMES) break;
    const table = `${patternPart(one.schema)}.${patternPart(one.name)}`;
    if (kind === "table") offer(table, one.name, () => `${one.kind}, ${one.columns.length} columns`);
    else
      for (const column of one.columns)
        offer(`${table}.${patternPart(column.name)}`, column.name, () => column.columnType);
  }
  return [...first, ...others].slice(0, MAX_NAMES);
}

/** A name as a pattern has it: in back quotes where it holds a dot. */
const patternPart = (name: string) => (name.includes(".") ? `\`${name}\`` : name);
