import { quoteTable } from "@/lib/connections/restricted/names";
import type { Attack, Passing } from "../attack";
import { columnText, plainly, tableText } from "../attack";
import type { Target, TargetColumn } from "../targets";
import type { AttackedWorld } from "../world";

const PASSING: Passing = {
  outcome: "failed",
  why: "It was answered, and what it shows is not for clients",
  mend: "Tell the makers of the gateway; until then take the privilege for it from the upstream account",
};

/** Questions about the server that tell of accounts, of other sessions' statements or of values. */
const SERVER: readonly (readonly [id: string, tries: string, sql: string])[] = [
  ["processes", "see what other sessions run", "SHOW FULL PROCESSLIST"],
  [
    "processes-table",
    "see what other sessions run, in information_schema",
    "SELECT INFO FROM information_schema.PROCESSLIST LIMIT 5",
  ],
  ["innodb", "see the statements of transactions", "SHOW ENGINE INNODB STATUS"],
  ["trace", "read the optimizer's trace", "SELECT * FROM information_schema.OPTIMIZER_TRACE LIMIT 5"],
  ["histogram", "read histograms of columns (MySQL)", "SELECT * FROM information_schema.COLUMN_STATISTICS LIMIT 5"],
  ["column-stats", "read histograms of columns (MariaDB)", "SELECT * FROM mysql.column_stats LIMIT 5"],
  ["accounts", "read the server's accounts", "SELECT * FROM mysql.user LIMIT 5"],
  [
    "digests",
    "read statements in performance_schema",
    "SELECT * FROM performance_schema.events_statements_history LIMIT 5",
  ],
  ["buffer", "read pages of the buffer pool", "SELECT * FROM information_schema.INNODB_BUFFER_PAGE LIMIT 5"],
  ["log", "read the server's log of statements", "SELECT * FROM mysql.general_log LIMIT 5"],
  ["binlog", "read the binary log", "SHOW BINLOG EVENTS LIMIT 5"],
  ["grants", "see what another account may do", "SHOW GRANTS FOR 'root'@'localhost'"],
  ["routine", "read the body of a routine", "SELECT ROUTINE_DEFINITION FROM mysql.proc LIMIT 5"],
  ["profile", "read the profile of statements", "SHOW PROFILES"],
];

export function metadataAttacks(world: AttackedWorld, targets: readonly Target[]): readonly Attack[] {
  const server = SERVER.map(
    ([id, tries, sql]): Attack => ({
      id: `metadata.${id}`,
      family: "metadata",
      tries: `${tries[0]?.toUpperCase()}${tries.slice(1)}`,
      statements: [sql],
      bound: null,
      about: null,
      expects: { kind: "refused", passing: PASSING },
    }),
  );
  return [
    ...server,
    ...targets.flatMap((target) => [...ofTable(target), ...ofFirstColumn(target)]),
    ...ofOthers(world),
  ];
}

/** What is told of a table: defaults and the number of different values are data too. */
function ofTable(target: Target): readonly Attack[] {
  const { table, from } = target;
  const name = tableText(table);
  // The values of these are their type: whoever may see the definition sees them.
  const columns = target.columns
    .filter((one) => one.exempt.length === 0 && !["enum", "set"].includes(one.dataType.toLowerCase()))
    .map((one) => one.base);
  if (columns.length === 0) return [];
  const asks = (id: string, tries: string, sql: string): Attack => ({
    id: `metadata.${id} ${name}`,
    family: "metadata",
    tries: `${tries} ${name}`,
    statements: [sql],
    bound: null,
    about: name,
    expects: { kind: "hides", columns, disguise: plainly, over: name, answers: "described" },
  });
  return [
    asks("definition", "Find masked values in the definition of", `SHOW CREATE TABLE ${from}`),
    asks("columns", "Find masked values in the defaults of", `SHOW FULL COLUMNS FROM ${from}`),
  ];
}

const EXPLAINS: readonly (readonly [id: string, tries: string, of: (sql: string) => readonly string[]])[] = [
  ["explain", "EXPLAIN", (sql) => [`EXPLAIN ${sql}`]],
  ["explain-json", "EXPLAIN FORMAT=JSON", (sql) => [`EXPLAIN FORMAT=JSON ${sql}`]],
  ["explain-warnings", "EXPLAIN and its warnings", (sql) => [`EXPLAIN EXTENDED ${sql}`, "SHOW WARNINGS"]],
  ["describe", "DESCRIBE of a statement", (sql) => [`DESCRIBE ${sql}`]],
  ["analyze", "ANALYZE", (sql) => [`ANALYZE ${sql}`]],
  ["explain-analyze", "EXPLAIN ANALYZE", (sql) => [`EXPLAIN ANALYZE ${sql}`]],
];

/** One column of each table is enough: EXPLAIN is refused for a statement that touches any. */
function ofFirstColumn(target: Target): readonly Attack[] {
  const column = target.columns.find((one) => one.exempt.length === 0);
  return column === undefined ? [] : explained(target, column);
}

function explained({ from, where }: Target, { base, name }: TargetColumn): readonly Attack[] {
  const about = columnText(base);
  return EXPLAINS.map(([id, by, of]) => ({
    id: `metadata.${id} ${about}`,
    family: "metadata",
    tries: `Learn about the values of ${about} by ${by}`,
    statements: of(`SELECT ${name} FROM ${from} WHERE ${where} AND ${name} LIKE 'a%'`),
    bound: null,
    about,
    expects: { kind: "refused", passing: PASSING },
  }));
}

const MOST_OTHERS = 3;

/** Metadata about tables that no rule names. */
function ofOthers({ catalogue, set }: AttackedWorld): readonly Attack[] {
  // A rule without tables, or a template, may be about any of them.
  if (set.rules.some((rule) => rule.effect !== "deny" && (rule.tables === null || rule.template !== null))) return [];
  return catalogue.snapshot.tables
    .filter(
      ({ schema, name }) =>
        schema.toLowerCase() !== "information_schema" &&
        !set.rules.some(
          (rule) => rule.effect !== "deny" && rule.tables?.some((one) => one.matches({ schema, table: name })) === true,
        ),
    )
    .slice(0, MOST_OTHERS)
    .map((table) => ({
      id: `metadata.outside ${table.schema}.${table.name}`,
      family: "metadata",
      tries: `See the columns of ${table.schema}.${table.name}, which no rule is about`,
      statements: [`SHOW COLUMNS FROM ${quoteTable(table)}`],
      bound: null,
      about: `${table.schema}.${table.name}`,
      expects: {
        kind: "refused",
        passing: {
          outcome: "failed",
          why: "The table's definition was shown",
          mend: "Set metadata: deny in the policy, or tell the makers of the gateway",
        },
      },
    }));
}
