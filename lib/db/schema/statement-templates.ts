import { index, mediumtext, mysqlEnum, mysqlTable, primaryKey, uniqueIndex, varchar } from "drizzle-orm/mysql-core";
import type { StatementClass } from "@/lib/sql/taxonomy";
import { asciiId, exactText, instant, json, sha256Hex } from "../columns";

/** What a template of a connection touches, as the catalogue was when a gateway last understood it. Columns as `schema.table.column`. */
export const statementTemplates = mysqlTable(
  "statement_templates",
  {
    id: asciiId("id").primaryKey(),
    connectionName: exactText("connection_name", { length: 32 }).notNull(),
    templateHash: sha256Hex("template_hash").notNull(),
    /** Names resolve by it; empty for none. */
    defaultSchema: exactText("default_schema", { length: 64 }).notNull(),
    /** The canonical text with placeholders; at most 64 KiB. */
    text: mediumtext("text").notNull(),
    statementClass: varchar("statement_class", { length: 24 }).$type<StatementClass>().notNull(),
    tables: json<readonly string[]>("tables").notNull(),
    /** Columns that flow into result columns. */
    reads: json<readonly string[]>("reads").notNull(),
    /** Columns used elsewhere: conditions, joins, order. */
    uses: json<readonly string[]>("uses").notNull(),
    writes: json<readonly string[]>("writes").notNull(),
    firstAt: instant("first_at").notNull(),
    lastAt: instant("last_at").notNull(),
  },
  (t) => [
    uniqueIndex("statement_templates_key").on(t.connectionName, t.templateHash, t.defaultSchema),
    // Whether a template means the same wherever it was seen.
    index("statement_templates_hash").on(t.templateHash),
  ],
);

export const TEMPLATE_OBJECT_KINDS = ["table", "column"] as const;

/** The other way round: which templates touch a table (`schema.table`) or a column. */
export const templateObjects = mysqlTable(
  "template_objects",
  {
    name: exactText("name", { length: 200 }).notNull(),
    kind: mysqlEnum("kind", TEMPLATE_OBJECT_KINDS).notNull(),
    templateId: asciiId("template_id").notNull(),
  },
  (t) => [primaryKey({ columns: [t.name, t.kind, t.templateId] }), index("template_objects_template").on(t.templateId)],
);
