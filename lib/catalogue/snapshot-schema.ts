import { z } from "zod";
import type { CatalogueSnapshot } from "@/lib/sql/catalogue";

const column = z.object({
  name: z.string(),
  dataType: z.string(),
  columnType: z.string(),
  nullable: z.boolean(),
  hasDefault: z.boolean(),
  generated: z.string().nullable(),
  invisible: z.boolean(),
});

const table = z.object({
  schema: z.string(),
  name: z.string(),
  kind: z.enum(["table", "view"]),
  columns: z.array(column),
  primaryKey: z.array(z.string()),
  indexes: z.array(z.object({ name: z.string(), unique: z.boolean(), columns: z.array(z.string()) })),
  definition: z.string().nullable(),
});

const routine = z.object({
  schema: z.string(),
  name: z.string(),
  kind: z.enum(["function", "procedure"]),
  body: z.string().nullable(),
  security: z.enum(["definer", "invoker"]),
});

const trigger = z.object({
  schema: z.string(),
  name: z.string(),
  table: z.string(),
  event: z.enum(["insert", "update", "delete"]),
  timing: z.enum(["before", "after"]),
  body: z.string().nullable(),
});

/** A stored snapshot: another version may have written it. */
export const catalogueSnapshot: z.ZodType<CatalogueSnapshot> = z.object({
  flavour: z.enum(["mariadb", "mysql"]),
  serverVersion: z.string(),
  lowerCaseTableNames: z.union([z.literal(0), z.literal(1), z.literal(2)]),
  sqlMode: z.string(),
  schemas: z.array(z.string()),
  tables: z.array(table),
  routines: z.array(routine),
  triggers: z.array(trigger),
});
