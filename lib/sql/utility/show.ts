import { showFilter } from "./filter";
import type { TokenReader, WrittenName } from "./token-reader";
import type { MetadataObject, Utility } from "./utility";

const SERVER: MetadataObject = { schema: null, table: null };

/** SHOW statements of the manifest; everything else (process list, logs, engine status, definitions of routines ...) is refused. */
export function readShow(reader: TokenReader, defaultSchema: string | null): Utility {
  reader.at = 1;
  return (
    tables(reader, defaultSchema) ??
    tableParts(reader, defaultSchema) ??
    created(reader, defaultSchema) ??
    serverLists(reader) ??
    warnings(reader) ??
    routines(reader) ??
    refused("this SHOW statement is not one of those the gateway knows to be safe")
  );
}

function refused(message: string): Utility {
  return { kind: "refused", class: "show", message };
}

function about(object: MetadataObject): Utility {
  return { kind: "metadata", class: "show", objects: [object] };
}

function restart(reader: TokenReader): null {
  reader.at = 1;
  return null;
}

/** SHOW [EXTENDED] [FULL] TABLES, SHOW TABLE STATUS, SHOW TRIGGERS: about one schema. */
function tables(reader: TokenReader, defaultSchema: string | null): Utility | null {
  reader.words("EXTENDED");
  const full = reader.words("FULL");
  const start = reader.words("TABLES") || (!full && (reader.words("TABLE", "STATUS") || reader.words("TRIGGERS")));
  if (!start) return restart(reader);
  let schema = defaultSchema;
  if (reader.oneOf("FROM", "IN") !== null) schema = reader.name();
  if (schema === null) return refused("no schema is selected: name one with FROM, or select one with USE");
  return showFilter(reader) === null ? restart(reader) : about({ schema, table: null });
}

/** SHOW COLUMNS and SHOW INDEX: about one table. */
function tableParts(reader: TokenReader, defaultSchema: string | null): Utility | null {
  reader.words("EXTENDED");
  const full = reader.words("FULL");
  const what = reader.oneOf("COLUMNS", "FIELDS", ...(full ? [] : ["INDEX", "INDEXES", "KEYS"]));
  if (what === null || reader.oneOf("FROM", "IN") === null) return restart(reader);
  const table = reader.qualifiedName();
  if (table === null) return restart(reader);
  if (reader.oneOf("FROM", "IN") === null) return filtered(reader, table, table.schema ?? defaultSchema);
  const schema = reader.name();
  return schema === null || table.schema !== null ? restart(reader) : filtered(reader, table, schema);
}

function filtered(reader: TokenReader, table: WrittenName, schema: string | null): Utility | null {
  if (showFilter(reader) === null) return restart(reader);
  if (schema === null) return refused("no schema is selected: write schema.table, or select one with USE");
  return about({ schema, table: table.name });
}

/** SHOW CREATE of tables, views and schemas. */
function created(reader: TokenReader, defaultSchema: string | null): Utility | null {
  if (!reader.words("CREATE")) return null;
  if (reader.oneOf("DATABASE", "SCHEMA") !== null) {
    reader.words("IF", "NOT", "EXISTS");
    const schema = reader.name();
    return schema === null || !reader.done ? restart(reader) : about({ schema, table: null });
  }
  if (reader.oneOf("TABLE", "VIEW") === null) return restart(reader);
  const table = reader.qualifiedName();
  return table === null || !reader.done ? restart(reader) : filtered(reader, table, table.schema ?? defaultSchema);
}

/** Lists that are about the server, with the filters they take. */
function serverLists(reader: TokenReader): Utility | null {
  reader.oneOf("GLOBAL", "SESSION", "LOCAL");
  const values = reader.oneOf("VARIABLES", "STATUS");
  if (values !== null) {
    const harmless = values === "VARIABLES" || isHarmless(reader);
    if (showFilter(reader) === null) return restart(reader);
    return harmless ? about(SERVER) : { kind: "metadata", class: "show", objects: [SERVER], counters: true };
  }
  reader.at = 1;
  const filterable =
    reader.oneOf("DATABASES", "SCHEMAS", "COLLATION", "CHARSET") !== null || reader.words("CHARACTER", "SET");
  if (filterable) return showFilter(reader) === null ? restart(reader) : about(SERVER);
  const plain =
    reader.oneOf("ENGINES", "PLUGINS", "PRIVILEGES") !== null ||
    reader.words("STORAGE", "ENGINES") ||
    ownGrants(reader);
  return plain && reader.done ? about(SERVER) : restart(reader);
}

/** Beginnings of status variables that say nothing of what statements read and sent. */
const HARMLESS_STATUS = /^(ssl\\?_|threads\\?_|uptime|com\\?_|questions|queries|connections|aborted\\?_|max\\?_used)/iu;

/** SHOW STATUS LIKE 'ssl_cipher' and its kind; the reader stands where it stood. */
function isHarmless(reader: TokenReader): boolean {
  const { at } = reader;
  const name = reader.words("LIKE") ? reader.literal("string")?.value : undefined;
  reader.at = at;
  return name !== undefined && HARMLESS_STATUS.test(name);
}

/** SHOW GRANTS, and FOR CURRENT_USER: what the upstream account may do. Other accounts are nobody's business. */
function ownGrants(reader: TokenReader): boolean {
  if (!reader.words("GRANTS")) return false;
  if (!reader.words("FOR")) return true;
  if (!reader.words("CURRENT_USER")) return false;
  return !reader.sign("(") || reader.sign(")");
}

function warnings(reader: TokenReader): Utility | null {
  if (reader.oneOf("WARNINGS", "ERRORS") === null) return null;
  if (reader.words("LIMIT")) {
    if (reader.integer() === null) return restart(reader);
    if (reader.sign(",") && reader.integer() === null) return restart(reader);
  }
  return reader.done ? { kind: "warnings", class: "show" } : restart(reader);
}

/** SHOW PROCEDURE|FUNCTION STATUS only for one schema. */
function routines(reader: TokenReader): Utility | null {
  if (reader.oneOf("PROCEDURE", "FUNCTION") === null || !reader.words("STATUS")) return restart(reader);
  const schema = showFilter(reader)?.equal.get("db");
  return schema === undefined
    ? refused("SHOW PROCEDURE STATUS and SHOW FUNCTION STATUS need WHERE Db = 'schema'")
    : about({ schema, table: null });
}
