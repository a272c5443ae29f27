import { quoteName } from "@/lib/connections/restricted/names";
import { type Attack, columnText, type Passing } from "../attack";
import type { Target } from "../targets";

const PASSING: Passing = {
  outcome: "failed",
  why: "It would have been executed",
  mend: "See which rule or setting lets it pass; if none does, tell the makers of the gateway",
};

type Line = readonly [id: string, tries: string, sql: string | readonly string[], bound?: readonly (string | number)[]];

/** What does more than it seems. Nothing of this is ever sent unless it is foreseen that the gateway refuses it. */
const LINES: readonly Line[] = [
  ["outfile", "Write a file on the server", "SELECT 1 INTO OUTFILE '/tmp/sallyport-self-test'"],
  ["dumpfile", "Write a file on the server, raw", "SELECT 1 INTO DUMPFILE '/tmp/sallyport-self-test'"],
  ["load-file", "Read a file of the server", "SELECT LOAD_FILE('/etc/hostname')"],
  ["load-data", "Load a file into a table", "LOAD DATA INFILE '/etc/hostname' INTO TABLE sallyport_self_test"],
  [
    "load-local",
    "Have the client send a file",
    "LOAD DATA LOCAL INFILE '/etc/hostname' INTO TABLE sallyport_self_test",
  ],
  ["sleep", "Keep the server busy with SLEEP", "SELECT SLEEP(600)"],
  ["benchmark", "Keep the server busy with BENCHMARK", "SELECT BENCHMARK(1000000000, MD5('x'))"],
  ["lock", "Take a lock by name", "SELECT GET_LOCK('sallyport', 600)"],
  ["release", "Release a lock by name", "SELECT RELEASE_ALL_LOCKS()"],
  ["last-id", "Plant a value for LAST_INSERT_ID", "SELECT LAST_INSERT_ID(4711)"],
  ["sequence", "Move a sequence on", "SELECT NEXTVAL(sallyport_self_test)"],
  ["unknown-function", "Call a function that nobody knows", "SELECT sallyport_self_test(1)"],
  ["system", "Run a program through a loaded function", "SELECT SYS_EXEC('id')"],
  ["two-statements", "Send two statements as one", "SELECT 1; SELECT 2"],
  ["two-with-comment", "Hide a second statement behind a comment", "SELECT 1; -- \nDROP TABLE sallyport_self_test"],
  ["prepare", "Prepare a statement from text", ["PREPARE s FROM 'DROP TABLE sallyport_self_test'", "EXECUTE s"]],
  ["execute-immediate", "Run a text as a statement", "EXECUTE IMMEDIATE 'DROP TABLE sallyport_self_test'"],
  ["compound", "Run a block of statements", "BEGIN NOT ATOMIC DROP TABLE sallyport_self_test; END"],
  ["executable-comment", "Hide a statement in an executable comment", "/*!50000 DROP TABLE sallyport_self_test */"],
  [
    "executable-comment-maria",
    "Hide a statement in a comment that MariaDB executes",
    "/*M!100000 DROP TABLE sallyport_self_test */",
  ],
  [
    "executable-part",
    "Hide a part of a statement in an executable comment",
    "SELECT 1 /*!50000 INTO OUTFILE '/tmp/sallyport-self-test' */",
  ],
  ["call", "Call a procedure", "CALL sallyport_self_test()"],
  ["do", "Run an expression for its effect", "DO SLEEP(600)"],
  ["kill", "Kill the session of somebody else", "KILL 2147483646"],
  ["kill-user", "Kill all sessions of an account", "KILL USER 'root'"],
  ["set-global", "Change a setting of the server", "SET GLOBAL max_connections = 1"],
  ["set-persist", "Change a setting of the server for ever", "SET PERSIST max_connections = 1"],
  ["set-log", "Switch the server's log on", "SET @@GLOBAL.general_log = 1"],
  ["set-password", "Change a password", "SET PASSWORD = 'x'"],
  ["set-role", "Take another role", "SET ROLE ALL"],
  ["set-foreign", "Switch a check off", "SET SESSION sql_log_bin = 0"],
  ["flush", "Flush tables", "FLUSH TABLES WITH READ LOCK"],
  ["reset", "Reset the binary log", "RESET MASTER"],
  ["lock-tables", "Lock tables", "LOCK TABLES sallyport_self_test WRITE"],
  ["shutdown", "Shut the server down", "SHUTDOWN"],
  ["create-user", "Create an account", "CREATE USER 'sallyport_self_test'@'%' IDENTIFIED BY 'x'"],
  ["grant", "Grant privileges", "GRANT ALL ON *.* TO 'sallyport_self_test'@'%'"],
  ["plugin", "Load a library into the server", "INSTALL SONAME 'sallyport_self_test'"],
  ["function", "Create a function from a library", "CREATE FUNCTION sallyport_self_test RETURNS STRING SONAME 'x.so'"],
  ["event", "Create an event", "CREATE EVENT sallyport_self_test ON SCHEDULE EVERY 1 DAY DO SELECT 1"],
  ["xa", "Begin a distributed transaction", "XA START 'sallyport'"],
  ["handler", "Read a table past its privileges", "HANDLER sallyport_self_test OPEN"],
  ["set-statement", "Change a setting for one statement", "SET STATEMENT max_statement_time = 600 FOR SELECT 1"],
  ["change-master", "Change replication", "CHANGE MASTER TO MASTER_HOST = 'sallyport.invalid'"],
  ["create-schema", "Create a schema", "CREATE DATABASE sallyport_self_test"],
];

/** Writes that take masked values to where they can be read. */
const COPIES: readonly (readonly [id: string, tries: string, sql: (target: Target, column: string) => string])[] = [
  [
    "copy-table",
    "Copy it into a new table",
    ({ from }, c) => `CREATE TABLE sallyport_self_test AS SELECT ${c} FROM ${from}`,
  ],
  [
    "copy-temporary",
    "Copy it into a temporary table",
    ({ from }, c) => `CREATE TEMPORARY TABLE sallyport_self_test AS SELECT ${c} FROM ${from}`,
  ],
  [
    "copy-view",
    "Show it through a new view",
    ({ from }, c) => `CREATE VIEW sallyport_self_test AS SELECT CONCAT(${c}, '') AS x FROM ${from}`,
  ],
  [
    "copy-insert",
    "Copy it into the table's own rows",
    ({ from }, c) => `INSERT INTO ${from} (${c}) SELECT ${c} FROM ${from}`,
  ],
  [
    "copy-update",
    "Copy it into an open column",
    ({ from, open, where }, c) => `UPDATE ${from} SET ${open ?? c} = ${c} WHERE ${where}`,
  ],
  [
    "outfile-column",
    "Write it to a file",
    ({ from }, c) => `SELECT ${c} FROM ${from} INTO OUTFILE '/tmp/sallyport-self-test'`,
  ],
  [
    "delete-guess",
    "Learn it by what a guess deletes",
    ({ from, where }, c) => `DELETE FROM ${from} WHERE ${where} AND ${c} LIKE 'a%'`,
  ],
  [
    "rename",
    "Give the column another name",
    ({ from }, c) => `ALTER TABLE ${from} RENAME COLUMN ${c} TO sallyport_self_test`,
  ],
  ["handler-read", "Read it with HANDLER", ({ from }) => `HANDLER ${from} OPEN`],
  ["for-update", "Lock its rows", ({ from, tail }, c) => `SELECT ${c} FROM ${from}${tail} FOR UPDATE`],
];

export function effectAttacks(targets: readonly Target[]): readonly Attack[] {
  const lines = LINES.map(
    ([id, tries, sql, bound]): Attack => ({
      id: `effects.${id}`,
      family: "effects",
      tries,
      statements: typeof sql === "string" ? [sql] : sql,
      bound: bound ?? null,
      about: null,
      expects: { kind: "refused", passing: PASSING },
    }),
  );
  const copies = targets.flatMap((target) => {
    const column = target.columns.find((one) => one.exempt.length === 0);
    if (column === undefined) return [];
    const about = columnText(column.base);
    return COPIES.map(
      ([id, tries, sql]): Attack => ({
        id: `effects.${id} ${about}`,
        family: "effects",
        tries: `${tries}: ${about}`,
        statements: [sql(target, quoteName(column.base.column))],
        bound: null,
        about,
        expects: { kind: "refused", passing: PASSING },
      }),
    );
  });
  return [...lines, ...copies];
}
