/**
 * The closed statement model: what the rest of the product knows about SQL. Small readonly nodes, no text of the
 * statement. Literals and parameters are references into the lexed statement, so one model serves every statement
 * with the same template. Names are as written; only the resolver gives them a meaning.
 */

/** A table, view, function or procedure name as written; `schema` is null when it is not qualified. */
export interface ObjectName {
  readonly schema: string | null;
  readonly name: string;
}

/** A value that is known without looking at a row: index into `lexed.literals`, or ordinal of the `?`. */
export type ValueRef =
  | { readonly kind: "literal"; readonly literal: number }
  | { readonly kind: "parameter"; readonly parameter: number };

/** What analysis needs to tell apart; everything else that computes a value from values is `operation`. */
export type BinaryOperator = "AND" | "OR" | "XOR" | "=" | "<=>" | "compare";

export type Expression =
  | ValueRef
  /** NULL, TRUE, FALSE, DEFAULT: a constant that is spelled as a word. */
  | { readonly kind: "constant"; readonly word: string }
  | { readonly kind: "column"; readonly schema: string | null; readonly table: string | null; readonly column: string }
  | { readonly kind: "not"; readonly operand: Expression }
  | {
      readonly kind: "binary";
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  /** Arithmetic, LIKE, REGEXP, BETWEEN, CAST, COLLATE, INTERVAL, IS TRUE ...: a value computed from the operands. */
  | { readonly kind: "operation"; readonly name: string; readonly operands: readonly Expression[] }
  | { readonly kind: "isNull"; readonly operand: Expression }
  /** operand IN (values, items): literals and parameters apart from what has to be evaluated. */
  | {
      readonly kind: "in";
      readonly negated: boolean;
      readonly operand: Expression;
      readonly values: readonly ValueRef[];
      readonly items: readonly Expression[];
    }
  | { readonly kind: "inQuery"; readonly operand: Expression; readonly query: Query }
  /** operand = ANY (query), operand > ALL (query). */
  | { readonly kind: "quantified"; readonly operand: Expression; readonly query: Query }
  | {
      readonly kind: "case";
      readonly operand: Expression | null;
      readonly branches: readonly { readonly when: Expression; readonly result: Expression }[];
      readonly otherwise: Expression | null;
    }
  | { readonly kind: "row"; readonly items: readonly Expression[] }
  | { readonly kind: "exists"; readonly query: Query }
  | { readonly kind: "scalar"; readonly query: Query }
  | FunctionCall
  | { readonly kind: "match"; readonly columns: readonly Expression[]; readonly against: Expression }
  | { readonly kind: "userVariable"; readonly name: string }
  | { readonly kind: "systemVariable"; readonly name: string }
  /** VALUES(c) in ON DUPLICATE KEY UPDATE: the value the row was to be inserted with. */
  | { readonly kind: "insertedValue"; readonly column: string };

/** A function, aggregate or window function. */
export interface FunctionCall {
  readonly kind: "call";
  readonly name: ObjectName;
  /** Written so that the server can not take it for one of its own (space before the parenthesis, quotes). */
  readonly foreign: boolean;
  readonly distinct: boolean;
  /** COUNT(*). */
  readonly star: boolean;
  readonly args: readonly Expression[];
  /** ORDER BY inside GROUP_CONCAT and the like. */
  readonly orderBy: readonly Expression[];
  readonly over: WindowUse | null;
}

export interface OrderItem {
  readonly expression: Expression;
  readonly descending: boolean;
}

/** OVER (...); named windows are put in where they are used. */
export interface WindowUse {
  readonly partitionBy: readonly Expression[];
  readonly orderBy: readonly Expression[];
  /** Bounds that are expressions, e.g. the 3 of `3 PRECEDING`. */
  readonly frame: readonly Expression[];
}

export type SelectItem =
  /** `name`: the alias, or the column when nothing but a column is selected; else only the server knows it. */
  | { readonly kind: "expression"; readonly expression: Expression; readonly name: string | null }
  | { readonly kind: "star"; readonly schema: string | null; readonly table: string | null };

/** Index hints of a table in FROM. */
export interface IndexHints {
  /** Index of the token before which another hint may stand. */
  readonly at: number;
  /** Indexes that USE or FORCE names. */
  readonly forced: readonly string[];
  /** Only rows of the partitions that are named. */
  readonly partitions: boolean;
}

export type JoinKind = "inner" | "left" | "right";

export type FromItem =
  | {
      readonly kind: "table";
      readonly name: ObjectName;
      readonly alias: string | null;
      /** Null where the grammar takes no index hints. */
      readonly hints: IndexHints | null;
    }
  | {
      readonly kind: "derived";
      readonly query: Query;
      readonly lateral: boolean;
      /** Null when it is a parenthesised query that we wrote as a derived table: nothing can name it. */
      readonly alias: string | null;
      readonly columns: readonly string[] | null;
    }
  /** JSON_TABLE: every column is computed from the document. */
  | {
      readonly kind: "jsonTable";
      readonly document: Expression;
      readonly alias: string;
      readonly columns: readonly string[];
    }
  | {
      readonly kind: "join";
      readonly join: JoinKind;
      readonly natural: boolean;
      readonly left: FromItem;
      readonly right: FromItem;
      readonly on: Expression | null;
      readonly using: readonly string[] | null;
    };

export interface Limit {
  readonly count: ValueRef;
  readonly offset: ValueRef | null;
}

export interface CommonTable {
  readonly name: string;
  readonly columns: readonly string[] | null;
  readonly query: Query;
}

export interface With {
  readonly recursive: boolean;
  readonly tables: readonly CommonTable[];
}

export type SetOperator = "union" | "union all" | "intersect" | "intersect all" | "except" | "except all";

/** One SELECT block. */
export interface SelectBlock {
  readonly kind: "select";
  readonly distinct: boolean;
  readonly items: readonly SelectItem[];
  readonly from: FromItem | null;
  readonly where: Expression | null;
  readonly groupBy: readonly Expression[];
  readonly having: Expression | null;
}

export interface SetOperation {
  readonly kind: "set";
  readonly operator: SetOperator;
  readonly left: Query;
  readonly right: Query;
}

/** A query expression: one block or a set operation, with what may follow either. */
export interface Query {
  readonly with: With | null;
  readonly body: SelectBlock | SetOperation;
  readonly orderBy: readonly OrderItem[];
  readonly limit: Limit | null;
}

/** column = expression, in SET, UPDATE and ON DUPLICATE KEY UPDATE. */
export interface Assignment {
  readonly schema: string | null;
  readonly table: string | null;
  readonly column: string;
  readonly value: Expression;
}

export interface SelectStatement {
  readonly kind: "select";
  readonly query: Query;
}

export interface InsertStatement {
  readonly kind: "insert" | "replace";
  readonly ignore: boolean;
  readonly table: ObjectName;
  /** Null when the statement names none: then all columns of the table in order. */
  readonly columns: readonly string[] | null;
  readonly source:
    | { readonly kind: "rows"; readonly rows: readonly (readonly Expression[])[] }
    | { readonly kind: "query"; readonly query: Query };
  readonly onDuplicate: readonly Assignment[];
  readonly returning: readonly SelectItem[] | null;
}

export interface UpdateStatement {
  readonly kind: "update";
  readonly ignore: boolean;
  readonly with: With | null;
  readonly from: FromItem;
  readonly set: readonly Assignment[];
  readonly where: Expression | null;
  readonly orderBy: readonly OrderItem[];
  readonly limit: Limit | null;
}

export interface DeleteStatement {
  readonly kind: "delete";
  readonly ignore: boolean;
  readonly with: With | null;
  /** Tables or aliases rows are deleted from; null for the single-table form. */
  readonly targets: readonly ObjectName[] | null;
  readonly from: FromItem;
  readonly where: Expression | null;
  readonly orderBy: readonly OrderItem[];
  readonly limit: Limit | null;
  readonly returning: readonly SelectItem[] | null;
}

export interface CallStatement {
  readonly kind: "call";
  readonly procedure: ObjectName;
  readonly args: readonly Expression[];
}

export type DdlAction =
  | "create_table"
  | "create_view"
  | "create_index"
  | "create_schema"
  | "alter_table"
  | "drop_table"
  | "drop_view"
  | "drop_index"
  | "drop_schema"
  | "truncate"
  | "rename_table";

/** Data definition, as its class and what it touches: nothing of it is evaluated further. */
export interface DdlStatement {
  readonly kind: "ddl";
  readonly action: DdlAction;
  /** Tables and views created, changed or dropped; for schemas `name` is the schema and `schema` is null. */
  readonly objects: readonly ObjectName[];
  /** The SELECT of CREATE TABLE .. AS and CREATE VIEW. */
  readonly query: Query | null;
  /** Tables it reads without a query: CREATE TABLE .. LIKE, foreign keys. */
  readonly references: readonly ObjectName[];
  readonly temporary: boolean;
}

export type Statement =
  | SelectStatement
  | InsertStatement
  | UpdateStatement
  | DeleteStatement
  | CallStatement
  | DdlStatement;

/** What is said beside the query and has no place in it. */
export interface StatementFacts {
  /** FOR UPDATE, FOR SHARE, LOCK IN SHARE MODE, anywhere. */
  readonly locking: boolean;
  readonly into: "file" | "variable" | null;
  readonly calcFoundRows: boolean;
}

export interface ParsedStatement {
  readonly statement: Statement;
  readonly facts: StatementFacts;
}
