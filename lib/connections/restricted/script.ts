import { compileCatalogue } from "@/lib/sql/catalogue";
import type { Dialect } from "@/lib/sql/token";
import {
  breaksLines,
  inComment,
  PASSWORD_PLACEHOLDER,
  quoteAccount,
  quoteName,
  quoteSchemaScope,
  quoteTable,
} from "./names";
import { type ReachedTable, type ReachInput, restrictedReach } from "./reach";

export interface ScriptInput extends ReachInput {
  readonly user: string;
  /** The host part of the account, e.g. `10.0.0.%`. */
  readonly host: string;
  readonly flavour: Dialect;
  /** No INSERT, UPDATE and DELETE. */
  readonly readsOnly?: boolean;
}

/**
 * The SQL that makes, or makes again, the account that reads everything but masked columns. For an administrator to review
 * and run; the same input gives the same text. It holds no password.
 */
export function restrictedScript(input: ScriptInput): string {
  const account = quoteAccount(input.user, input.host);
  if (breaksLines(account)) throw new RangeError("an account with a control character in its name");
  const reach = restrictedReach(input).filter((table) => table.granted);
  const catalogue = compileCatalogue(input.catalogue);
  const schemas = [...new Set(input.schemas.map((name) => catalogue.schema(name) ?? name))].sort();
  const blocks = [
    opening(account, input),
    ...schemas.map((schema) =>
      catalogue.schema(schema) === null
        ? [comment(`Schema ${schema} is left out: the server has none of this name.`)]
        : schemaBlock(schema, {
            tables: reach.filter((table) => table.schema === schema),
            account,
            writes: input.readsOnly === true ? "" : ", INSERT, UPDATE, DELETE",
          }),
    ),
    routines(input, schemas),
    triggers(input, reach),
  ];
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join("\n"))
    .join("\n\n")}\n`;
}

const comment = (text: string) => `-- ${inComment(text)}`;

function opening(account: string, input: ScriptInput): readonly string[] {
  return [
    comment("The restricted account of a Sallyport connection: it reads everything but masked columns."),
    comment("Review this, put a password in, and run it as an administrator of the server. Run a new one after masks,"),
    comment(
      "tables or views have changed: it takes everything away first, so for a moment the account may do nothing.",
    ),
    "",
    comment(
      "The account. Put a long random password in quotes in the place of the comment; without one this is an error.",
    ),
    comment("When the account exists already, leave this statement out."),
    ...(input.flavour === "mysql"
      ? [
          comment("IDENTIFIED BY RANDOM PASSWORD (8.0.18 and later) lets the server choose one and shows it once."),
          comment("The default method caching_sha2_password wants TLS between gateway and server."),
        ]
      : []),
    `CREATE USER IF NOT EXISTS ${account} IDENTIFIED BY ${PASSWORD_PLACEHOLDER};`,
    "",
    comment(
      "From nothing. No global privilege follows: no FILE, PROCESS, SUPER or GRANT OPTION. Roles stay: revoke them.",
    ),
    `REVOKE ALL PRIVILEGES, GRANT OPTION FROM ${account};`,
  ];
}

interface SchemaPlan {
  readonly tables: readonly ReachedTable[];
  readonly account: string;
  readonly writes: string;
}

function schemaBlock(schema: string, plan: SchemaPlan): readonly string[] {
  const { tables, account, writes } = plan;
  const title = `Schema ${schema}`;
  if (breaksLines(schema)) return [comment(`${title} is left out: its name holds a control character.`)];
  if (tables.every((table) => table.verdict === "clean")) {
    return [
      comment(`${title}: nothing in it is masked. Tables that are added to it later are covered too:`),
      comment("make a new script as soon as one of them gets a mask."),
      `GRANT SELECT${writes} ON ${quoteSchemaScope(schema)} TO ${account};`,
    ];
  }
  return [
    comment(
      `${title}: masked columns are here, so each table has its own grant. New tables and columns need a new script.`,
    ),
    ...tables.flatMap((table) => tableLines(table, plan)),
  ];
}

function tableLines(table: ReachedTable, { account, writes }: SchemaPlan): readonly string[] {
  const on = `ON ${quoteTable(table)} TO ${account};`;
  if (breaksLines(table.name) || table.readable.some(breaksLines)) {
    return [comment(`${table.name} is left out: a name holds a control character.`)];
  }
  if (table.verdict === "clean") return [`GRANT SELECT${writes} ${on}`];
  if (table.kind === "view") {
    const why = table.hidden[0]?.because ?? "it has no columns";
    return [comment(`No grant on the view ${table.name}: ${why}. Views run with their definer's rights.`)];
  }
  const hidden = table.hidden.map((one) => (one.because === "masked" ? one.column : `${one.column} (${one.because})`));
  const without = comment(`${table.name} without ${hidden.join(", ")}`);
  if (table.readable.length > 0) {
    return [without, `GRANT SELECT (${table.readable.map(quoteName).join(", ")})${writes} ${on}`];
  }
  return writes === "" ? [without] : [without, `GRANT${writes.slice(1)} ${on}`];
}

function routines(input: ScriptInput, schemas: readonly string[]): readonly string[] {
  const own = input.catalogue.routines
    .filter((routine) => schemas.includes(routine.schema))
    .map((routine) => `${routine.schema}.${routine.name} (${routine.kind}, ${routine.security})`)
    .sort();
  if (own.length === 0) return [];
  return [
    comment("No EXECUTE on routines: SQL SECURITY DEFINER ones read whatever their definer may read."),
    ...own.map(comment),
  ];
}

/** Triggers can copy a masked value to where no mask is; only a person can say whether they do. */
function triggers(input: ScriptInput, reach: readonly ReachedTable[]): readonly string[] {
  const hidden = new Map(reach.map((table) => [`${table.schema}\0${table.name}`, table.hidden]));
  const suspects = input.catalogue.triggers
    .filter((trigger) => (hidden.get(`${trigger.schema}\0${trigger.table}`) ?? []).length > 0)
    .map((trigger) => `${trigger.schema}.${trigger.name}, ${trigger.timing} ${trigger.event} on ${trigger.table}`)
    .sort();
  if (suspects.length === 0) return [];
  return [
    comment("Triggers on tables with masked columns: see that they copy no masked value to a column without a mask."),
    ...suspects.map(comment),
  ];
}
