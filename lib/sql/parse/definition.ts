import type { DdlAction, DdlStatement, ObjectName, Query } from "../model";
import type { Cursor } from "./cursor";
import { readColumnList, readQuery } from "./query";
import { type Draft, takeObject } from "./write";

interface Parts {
  readonly action: DdlAction;
  readonly objects: readonly ObjectName[];
  readonly references?: readonly ObjectName[];
  readonly temporary?: boolean;
  readonly query?: string | null;
}

function draft(parts: Parts): Draft {
  const text = parts.query ?? null;
  return {
    texts: text === null ? [] : [text],
    assemble: ([query]: readonly Query[]): DdlStatement => ({
      kind: "ddl",
      action: parts.action,
      objects: parts.objects,
      query: text === null ? null : (query ?? null),
      references: parts.references ?? [],
      temporary: parts.temporary ?? false,
    }),
  };
}

function takeIfExists(cursor: Cursor): void {
  if (!cursor.takeWord("IF")) return;
  cursor.takeWord("NOT");
  cursor.expectWord("EXISTS");
}

function takeList(cursor: Cursor): readonly ObjectName[] {
  const objects = [takeObject(cursor)];
  while (cursor.takeSign(",")) objects.push(takeObject(cursor));
  return objects;
}

/** TRUNCATE [TABLE] t */
export function readTruncate(cursor: Cursor): Draft {
  cursor.expectWord("TRUNCATE");
  cursor.takeWord("TABLE");
  return draft({ action: "truncate", objects: [takeObject(cursor)] });
}

/** RENAME TABLE a TO b, ... */
export function readRename(cursor: Cursor): Draft {
  cursor.expectWord("RENAME");
  cursor.expectWord("TABLE");
  const objects: ObjectName[] = [];
  do {
    objects.push(takeObject(cursor));
    cursor.expectWord("TO");
    objects.push(takeObject(cursor));
  } while (cursor.takeSign(","));
  return draft({ action: "rename_table", objects });
}

/** DROP TABLE, VIEW, INDEX, DATABASE */
export function readDrop(cursor: Cursor): Draft {
  cursor.expectWord("DROP");
  const temporary = cursor.takeWord("TEMPORARY");
  if (cursor.takeWord("TABLE") || (!temporary && cursor.isWord("VIEW"))) {
    const view = cursor.takeWord("VIEW");
    takeIfExists(cursor);
    const objects = takeList(cursor);
    if (!cursor.takeWord("RESTRICT")) cursor.takeWord("CASCADE");
    return draft({ action: view ? "drop_view" : "drop_table", objects, temporary });
  }
  if (cursor.takeWord("INDEX")) {
    takeIfExists(cursor);
    if (!cursor.takeWord("PRIMARY")) cursor.takeName();
    cursor.expectWord("ON");
    return draft({ action: "drop_index", objects: [takeObject(cursor)] });
  }
  if (cursor.takeWord("DATABASE") || cursor.takeWord("SCHEMA")) {
    takeIfExists(cursor);
    return draft({ action: "drop_schema", objects: [{ schema: null, name: cursor.nameAt(cursor.takeName()) }] });
  }
  return cursor.unsupported("this DROP");
}

export function readCreate(cursor: Cursor): Draft {
  cursor.expectWord("CREATE");
  if (cursor.isWord("OR") && cursor.isWord("REPLACE", 1)) cursor.position += 2;
  const temporary = cursor.takeWord("TEMPORARY");
  if (cursor.takeWord("TABLE")) return readCreateTable(cursor, temporary);
  if (temporary) return cursor.unsupported("this CREATE TEMPORARY");
  if (cursor.takeWord("DATABASE") || cursor.takeWord("SCHEMA")) {
    takeIfExists(cursor);
    const name = cursor.nameAt(cursor.takeName());
    skipDefinition(cursor, SCHEMA_WORDS, []);
    return draft({ action: "create_schema", objects: [{ schema: null, name }] });
  }
  if (!cursor.takeWord("UNIQUE") && !cursor.takeWord("FULLTEXT")) cursor.takeWord("SPATIAL");
  if (cursor.takeWord("INDEX")) {
    takeIfExists(cursor);
    cursor.takeName();
    if (cursor.takeWord("USING")) cursor.takeName();
    cursor.expectWord("ON");
    const table = takeObject(cursor);
    skipDefinition(cursor, INDEX_WORDS, []);
    return draft({ action: "create_index", objects: [table] });
  }
  return readCreateView(cursor);
}

function readCreateView(cursor: Cursor): Draft {
  if (cursor.takeWord("ALGORITHM")) {
    cursor.expectSign("=");
    cursor.takeName();
  }
  if (cursor.isWord("DEFINER")) cursor.unsupported("DEFINER");
  if (cursor.takeWord("SQL")) {
    if (cursor.at()?.upper !== "SECURITY") cursor.unexpected("SECURITY");
    cursor.position += 1;
    cursor.takeName();
  }
  if (!cursor.takeWord("VIEW")) return cursor.unsupported("this CREATE");
  takeIfExists(cursor);
  const name = takeObject(cursor);
  if (cursor.isSign("(")) readColumnList(cursor);
  cursor.expectWord("AS");
  const query = readQuery(cursor);
  if (cursor.takeWord("WITH")) {
    if (!cursor.takeWord("CASCADED")) cursor.takeWord("LOCAL");
    cursor.expectWord("CHECK");
    cursor.expectWord("OPTION");
  }
  return draft({ action: "create_view", objects: [name], query });
}

function readCreateTable(cursor: Cursor, temporary: boolean): Draft {
  takeIfExists(cursor);
  const table = takeObject(cursor);
  const parenthesised = cursor.isSign("(") && cursor.isWord("LIKE", 1);
  if (parenthesised || cursor.isWord("LIKE")) {
    cursor.position += parenthesised ? 2 : 1;
    const source = takeObject(cursor);
    if (parenthesised) cursor.expectSign(")");
    return draft({ action: "create_table", objects: [table], references: [source], temporary });
  }
  const references: ObjectName[] = [];
  let query: string | null = null;
  if (cursor.isSign("(") && !startsQuery(cursor, 1)) skipParentheses(cursor, references);
  skipDefinition(cursor, TABLE_OPTION_WORDS, references);
  if (!cursor.takeWord("IGNORE")) cursor.takeWord("REPLACE");
  cursor.takeWord("AS");
  if (startsQuery(cursor, 0) || cursor.isSign("(")) query = readQuery(cursor);
  return draft({ action: "create_table", objects: [table], references, temporary, query });
}

function startsQuery(cursor: Cursor, from: number): boolean {
  let ahead = from;
  while (cursor.isSign("(", ahead)) ahead += 1;
  return cursor.isWord("SELECT", ahead) || cursor.isWord("WITH", ahead);
}

/** ALTER TABLE t ...: what it refers to besides t is collected, what could reach other tables' rows is refused. */
export function readAlter(cursor: Cursor): Draft {
  cursor.expectWord("ALTER");
  if (!cursor.takeWord("TABLE")) return cursor.unsupported("this ALTER");
  const table = takeObject(cursor);
  const references: ObjectName[] = [];
  skipDefinition(cursor, ALTER_WORDS, references);
  return draft({ action: "alter_table", objects: [table], references });
}

const SCHEMA_WORDS = new Set("DEFAULT CHARACTER SET CHARSET COLLATE".split(" "));
const INDEX_WORDS = new Set(
  "USING BTREE HASH COMMENT ALGORITHM LOCK INPLACE COPY INSTANT NONE SHARED DEFAULT".split(" "),
);
const TABLE_OPTION_WORDS = new Set(
  "ENGINE INNODB ARIA MEMORY MYISAM DEFAULT CHARACTER SET CHARSET COLLATE COMMENT AUTO_INCREMENT ROW_FORMAT DYNAMIC COMPACT".split(
    " ",
  ),
);
/** Words of column definitions and ALTER actions; everything else that is not a name in its place is refused. */
const COLUMN_WORDS = (
  "ADD DROP MODIFY CHANGE ALTER COLUMN INDEX KEY PRIMARY UNIQUE FULLTEXT CONSTRAINT FOREIGN CHECK FIRST AFTER NULL NOT DEFAULT " +
  "AUTO_INCREMENT COMMENT UNSIGNED SIGNED ZEROFILL BINARY CHARACTER SET CHARSET COLLATE ON DELETE UPDATE CASCADE RESTRICT NO ACTION " +
  "IF EXISTS TO COLUMN CURRENT_TIMESTAMP TRUE FALSE USING BTREE HASH GENERATED ALWAYS AS STORED VIRTUAL PERSISTENT RENAME " +
  "INT INTEGER TINYINT SMALLINT MEDIUMINT BIGINT DECIMAL NUMERIC DEC FIXED FLOAT DOUBLE REAL PRECISION BIT BOOL BOOLEAN DATE TIME " +
  "DATETIME TIMESTAMP YEAR CHAR VARCHAR VARBINARY TINYBLOB BLOB MEDIUMBLOB LONGBLOB TINYTEXT TEXT MEDIUMTEXT LONGTEXT ENUM JSON UUID " +
  "IN IS AND OR BETWEEN LIKE REFERENCES ALGORITHM LOCK INPLACE COPY INSTANT NONE SHARED ENGINE INNODB CONVERT ROW_FORMAT DYNAMIC COMPACT"
).split(" ");
const ALTER_WORDS = new Set(COLUMN_WORDS);
const CLAUSES_REFUSED = new Set(
  (
    "SELECT WITH TABLE UNION DIRECTORY CONNECTION EXCHANGE TABLESPACE PARTITION DISCARD IMPORT ORDER " +
    "ENGINE_ATTRIBUTE SECONDARY_ENGINE"
  ).split(" "),
);

/** Skips a definition: names, types, literals and words of the list; collects what REFERENCES and RENAME TO name. */
function skipDefinition(cursor: Cursor, words: ReadonlySet<string>, references: ObjectName[]): void {
  const names = words === ALTER_WORDS;
  for (;;) {
    const token = cursor.at();
    if (token === undefined) return;
    if (cursor.isSign("(")) {
      if (startsQuery(cursor, 0)) return;
      skipParentheses(cursor, references);
    } else if (cursor.takeWord("REFERENCES")) references.push(takeObject(cursor));
    else if (names && cursor.isWord("RENAME") && !cursor.isOneOf(RENAMED_PARTS, 1)) {
      cursor.position += 1;
      if (!cursor.takeWord("TO") && !cursor.takeWord("AS")) cursor.takeSign("=");
      references.push(takeObject(cursor));
    } else if (token.kind === "word" && CLAUSES_REFUSED.has(token.upper)) {
      if (words === TABLE_OPTION_WORDS && token.upper === "WITH") return;
      if (words === TABLE_OPTION_WORDS && token.upper === "SELECT") return;
      cursor.unsupported(`${token.upper} in a definition`);
    } else if (
      token.kind === "word" &&
      !words.has(token.upper) &&
      !(cursor.isName() && (names || namesCharset(cursor)))
    ) {
      return;
    } else if (token.kind === "quotedName" && !names) return;
    else if (token.kind === "userVariable" || token.kind === "systemVariable") return;
    else cursor.position += 1;
  }
}

/** The name at the cursor is that of a character set or collation. */
function namesCharset(cursor: Cursor): boolean {
  const back = cursor.isSign("=", -1) ? -2 : -1;
  return ["CHARSET", "SET", "COLLATE"].some((word) => cursor.isWord(word, back));
}

const RENAMED_PARTS = new Set(["COLUMN", "INDEX", "KEY"]);

/** Skips ( ... ) of a column list, a type or a default; a query inside is refused, REFERENCES is collected. */
function skipParentheses(cursor: Cursor, references: ObjectName[]): void {
  const closing = cursor.matching(cursor.position);
  cursor.expectSign("(");
  while (cursor.position < closing) {
    const token = cursor.at();
    if (token?.kind === "word" && (token.upper === "SELECT" || token.upper === "DIRECTORY")) {
      cursor.unsupported(`${token.upper} in a definition`);
    }
    if (cursor.takeWord("REFERENCES")) references.push(takeObject(cursor));
    else cursor.position += 1;
  }
  cursor.position = closing;
  cursor.expectSign(")");
}
