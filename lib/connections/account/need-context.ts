import { type StatementContext, type Understood, understand } from "@/lib/policy/understand";
import type { Catalogue, CatalogueTable } from "@/lib/sql/catalogue";
import type { Dialect } from "@/lib/sql/token";
import type { NeedCollector } from "./need";

/** With whose rights a view reads: `definer` needs none of the account's on what it is made of. */
export type ViewSecurity = "definer" | "invoker";

/** What every part of `needOf` works with. */
export interface NeedContext {
  readonly catalogue: Catalogue;
  /** Whose GRANT syntax and rules count; by default the catalogue's own. */
  readonly flavour: Dialect;
  readonly defaultSchema: string | null;
  /** Null: not known, then the account gets what an invoker needs. */
  readonly securityOf: (view: CatalogueTable) => ViewSecurity | null;
  readonly into: NeedCollector;
}

/** A statement as the gateway would read it in the connection's default schema; null when it would not. */
export function understood(context: NeedContext, sql: string): Understood | null {
  const { catalogue, defaultSchema } = context;
  const meaning: StatementContext = {
    dialect: catalogue.snapshot.flavour,
    catalogue,
    defaultSchema,
    pipesAsConcat: false,
  };
  const result = understand(Buffer.from(sql, "utf8"), meaning);
  return result.ok ? result : null;
}
