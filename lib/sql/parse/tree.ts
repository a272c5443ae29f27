import type {
  CommonTable,
  Expression,
  FromItem,
  Limit,
  OrderItem,
  Query,
  SelectBlock,
  SelectItem,
  SetOperator,
  With,
} from "../model";
import { type References, Refusal } from "./cursor";
import { combine, inner, plainQuery } from "./set-operations";
import { ExpressionReader } from "./tree-expression";
import { asList, asNode, asText, type Node, only, type Read } from "./tree-node";

/**
 * Turns the tree node-sql-parser made of the simplified text into our model. Every node type and key has a case of its
 * own; anything else is refused. The text of every part is written again on the way: only when the whole equals the
 * text that was parsed, nothing was dropped, doubled or moved.
 */
export function readTree(root: unknown, text: string, references: References): Query {
  const read = new TreeReader(references).query(asNode(root, "statement"));
  if (read.text !== text) throw new Refusal("MISREAD", "the parser lost a part of it", null);
  return read.value;
}

const SELECT_KEYS = [
  "with",
  "type",
  "distinct",
  "columns",
  "into",
  "from",
  "where",
  "groupby",
  "having",
  "orderby",
  "limit",
  "_next",
  "set_op",
];
const SET_OPERATORS: ReadonlyMap<string, SetOperator> = new Map([
  ["union", "union"],
  ["union all", "union all"],
  ["intersect", "intersect"],
  ["except", "except"],
]);
const JOINS: ReadonlyMap<string, "inner" | "left" | "right"> = new Map([
  ["INNER JOIN", "inner"],
  ["LEFT JOIN", "left"],
  ["RIGHT JOIN", "right"],
]);

class TreeReader {
  readonly #references: References;
  readonly #expressions: ExpressionReader;

  constructor(references: References) {
    this.#references = references;
    this.#expressions = new ExpressionReader(references, (value) => this.#subquery(value));
  }

  query(first: Node): Read<Query> {
    const withRead = first.with === null || first.with === undefined ? null : this.#with(first.with);
    const terms: Query[] = [];
    const operators: SetOperator[] = [];
    let text = withRead?.text ?? "";
    let last = first;
    for (let node: Node | null = first; node !== null; ) {
      last = node;
      if (node !== first && node.with) throw new Refusal("UNSUPPORTED", "WITH inside a set operation", null);
      const block = this.#block(node);
      terms.push(plainQuery(block.value));
      text += block.text;
      const next: unknown = node._next;
      if (next === null || next === undefined) node = null;
      else {
        const written = asText(node.set_op, "set operator");
        const operator = SET_OPERATORS.get(written);
        if (operator === undefined) throw new Refusal("UNSUPPORTED", `the set operator ${written}`, null);
        if (node.orderby || node.limit) throw new Refusal("MISREAD", "ORDER BY or LIMIT inside a set operation", null);
        operators.push(operator);
        text += ` ${operator.toUpperCase()} `;
        node = asNode(next, "set operation");
      }
    }
    const order = this.#order(last.orderby);
    const limit = this.#limit(last.limit);
    const body = combine(terms, operators);
    return {
      value: { with: withRead?.value ?? null, body, orderBy: order.value, limit: limit.value },
      text: text + order.text + limit.text,
    };
  }

  #with(value: unknown): Read<With> {
    const entries = asList(value, "WITH").map((entry) => asNode(entry, "WITH"));
    const recursive = entries[0]?.recursive === true;
    const tables = entries.map((entry) => {
      only(entry, ["name", "stmt", "recursive"], "WITH");
      const name = asNode(entry.name, "WITH name");
      only(name, ["type", "value"], "WITH name");
      const written = asText(name.value, "WITH name");
      const index = this.#expressions.index(written);
      const query = this.#subquery(entry.stmt);
      const table: CommonTable = {
        name: this.#expressions.name(index),
        columns: this.#references.columnLists.get(index) ?? null,
        query: query.value,
      };
      return { value: table, text: `\`${written}\` AS ${query.text}` };
    });
    return {
      value: { recursive, tables: tables.map((table) => table.value) },
      text: `WITH ${recursive ? "RECURSIVE " : ""}${tables.map((table) => table.text).join(", ")} `,
    };
  }

  #block(node: Node): Read<SelectBlock> {
    only(node, SELECT_KEYS, "SELECT");
    if (node.type !== "select") throw new Refusal("UNSUPPORTED", "a statement inside a query", null);
    if (node.into !== null && node.into !== undefined) only(asNode(node.into, "INTO"), [], "INTO");
    const distinct = node.distinct === "DISTINCT";
    if (!distinct && node.distinct) throw new Refusal("UNSUPPORTED", "an unknown DISTINCT", null);
    const items = asList(node.columns, "select list").map((item) => this.#item(asNode(item, "select list")));
    const from = node.from ? this.#from(asList(node.from, "FROM")) : null;
    const where = node.where ? this.#expressions.expression(node.where) : null;
    const groupBy = node.groupby ? this.#groupBy(asNode(node.groupby, "GROUP BY")) : null;
    const having = node.having ? this.#expressions.expression(node.having) : null;
    return {
      value: {
        kind: "select",
        distinct,
        items: items.map((item) => item.value),
        from: from?.value ?? null,
        where: where?.value ?? null,
        groupBy: groupBy?.value ?? [],
        having: having?.value ?? null,
      },
      text:
        `SELECT ${distinct ? "DISTINCT " : ""}${items.map((item) => item.text).join(", ")}` +
        (from === null ? "" : ` FROM ${from.text}`) +
        (where === null ? "" : ` WHERE ${where.text}`) +
        (groupBy === null ? "" : ` GROUP BY ${groupBy.text}`) +
        (having === null ? "" : ` HAVING ${having.text}`),
    };
  }

  #item(node: Node): Read<SelectItem> {
    only(node, ["expr", "as"], "select list");
    const inner = asNode(node.expr, "select item");
    if (inner.type === "column_ref" && inner.column === "*") {
      only(inner, ["type", "db", "table", "column"], "star");
      const schema = inner.db ? asText(inner.db, "star") : null;
      const table = inner.table ? asText(inner.table, "star") : null;
      const text = [schema, table].filter((part) => part !== null).map((part) => `\`${part}\`.`);
      return {
        value: {
          kind: "star",
          schema: schema === null ? null : this.#expressions.name(this.#expressions.index(schema)),
          table: table === null ? null : this.#expressions.name(this.#expressions.index(table)),
        },
        text: `${text.join("")}*`,
      };
    }
    const expression = this.#expressions.expression(inner);
    if (node.as === null || node.as === undefined) {
      const name = inner.type === "column_ref" && expression.value.kind === "column" ? expression.value.column : null;
      return { value: { kind: "expression", expression: expression.value, name }, text: expression.text };
    }
    const written = asText(node.as, "alias");
    return {
      value: { kind: "expression", expression: expression.value, name: this.#alias(written) },
      text: `${expression.text} AS \`${written}\``,
    };
  }

  /** `n5` is a name, `s5` the string literal 5 used as an alias. */
  #alias(written: string): string {
    if (!written.startsWith("s")) return this.#expressions.name(this.#expressions.index(written));
    const literal = this.#references.literals[Number(written.slice(1))];
    if (literal?.kind !== "string") throw new Refusal("MISREAD", "an alias is not a string", null);
    return literal.value;
  }

  #groupBy(node: Node): Read<readonly Expression[]> {
    only(node, ["columns", "modifiers"], "GROUP BY");
    for (const modifier of asList(node.modifiers ?? [], "GROUP BY")) {
      if (modifier !== null) throw new Refusal("UNSUPPORTED", "a modifier of GROUP BY", null);
    }
    const items = asList(node.columns, "GROUP BY").map((item) => this.#expressions.expression(item));
    return { value: items.map((item) => item.value), text: items.map((item) => item.text).join(", ") };
  }

  #order(value: unknown): Read<readonly OrderItem[]> {
    if (value === null || value === undefined) return { value: [], text: "" };
    const items = asList(value, "ORDER BY").map((entry) => {
      const node = asNode(entry, "ORDER BY");
      only(node, ["expr", "type"], "ORDER BY");
      const expression = this.#expressions.expression(node.expr);
      const descending = node.type === "DESC";
      if (!descending && node.type) throw new Refusal("MISREAD", "an unknown order", null);
      return {
        value: { expression: expression.value, descending },
        text: expression.text + (descending ? " DESC" : ""),
      };
    });
    return {
      value: items.map((item) => item.value),
      text: ` ORDER BY ${items.map((item) => item.text).join(", ")}`,
    };
  }

  #limit(value: unknown): Read<Limit | null> {
    if (value === null || value === undefined) return { value: null, text: "" };
    const node = asNode(value, "LIMIT");
    only(node, ["seperator", "value"], "LIMIT");
    const [count, offset, more] = asList(node.value, "LIMIT").map((entry) =>
      this.#expressions.number(asNode(entry, "LIMIT")),
    );
    if (count === undefined || more !== undefined || (offset !== undefined && node.seperator !== "offset")) {
      throw new Refusal("MISREAD", "an unknown LIMIT", null);
    }
    return {
      value: { count: count.value, offset: offset?.value ?? null },
      text: ` LIMIT ${count.text}${offset === undefined ? "" : ` OFFSET ${offset.text}`}`,
    };
  }

  #from(entries: readonly unknown[]): Read<FromItem> {
    let result: Read<FromItem> | null = null;
    let comma: Read<FromItem> | null = null;
    const close = () => {
      if (result === null) return comma;
      if (comma === null) return result;
      return { value: inner(comma.value, result.value), text: `${comma.text}, ${result.text}` };
    };
    for (const entry of entries) {
      const node = asNode(entry, "FROM");
      const right = this.#factor(node);
      if (node.join === null || node.join === undefined) {
        comma = close();
        result = right;
        continue;
      }
      if (result === null) throw new Refusal("MISREAD", "a join without a left side", null);
      result = this.#join(node, result, right);
    }
    const whole = close();
    if (whole === null) throw new Refusal("MISREAD", "an empty FROM", null);
    return whole;
  }

  #join(node: Node, left: Read<FromItem>, right: Read<FromItem>): Read<FromItem> {
    const written = asText(node.join, "join");
    const join = JOINS.get(written);
    if (join === undefined) throw new Refusal("UNSUPPORTED", `the join ${written}`, null);
    const on = node.on ? this.#expressions.expression(node.on) : null;
    const using = node.using
      ? asList(node.using, "USING").map((name) => this.#expressions.quoted(name, "USING"))
      : null;
    const first = using?.[0];
    const natural = first !== undefined && this.#isNatural(this.#expressions.index(first));
    const names =
      using === null || natural ? null : using.map((name) => this.#expressions.name(this.#expressions.index(name)));
    return {
      value: { kind: "join", join, natural, left: left.value, right: right.value, on: on?.value ?? null, using: names },
      text:
        `${left.text} ${written} ${right.text}` +
        (on === null ? "" : ` ON ${on.text}`) +
        (using === null ? "" : ` USING (${using.map((name) => `\`${name}\``).join(", ")})`),
    };
  }

  #isNatural(index: number): boolean {
    const token = this.#references.tokens[index];
    return token?.kind === "word" && token.reserved && token.upper === "NATURAL";
  }

  #factor(node: Node): Read<FromItem> {
    if (Array.isArray(node.expr)) {
      only(node, ["expr", "parentheses", "joins", "join", "on", "using"], "parenthesised join");
      if (asList(node.joins, "parenthesised join").length > 0) {
        throw new Refusal("UNSUPPORTED", "a join after a parenthesised join", null);
      }
      const group = this.#from(node.expr);
      return { value: group.value, text: `(${group.text})` };
    }
    if (node.expr !== null && node.expr !== undefined) return this.#derived(node);
    only(node, ["db", "table", "as", "join", "on", "using"], "table");
    const table = asText(node.table, "table");
    const schema = node.db ? asText(node.db, "schema") : null;
    const alias = node.as ? asText(node.as, "alias") : null;
    const last = this.#expressions.index(alias ?? table);
    return {
      value: {
        kind: "table",
        name: {
          schema: schema === null ? null : this.#expressions.name(this.#expressions.index(schema)),
          name: this.#expressions.name(this.#expressions.index(table)),
        },
        alias: alias === null ? null : this.#expressions.name(this.#expressions.index(alias)),
        hints: this.#references.indexHints.get(last) ?? null,
      },
      text: `${schema === null ? "" : `\`${schema}\`.`}\`${table}\`${alias === null ? "" : ` AS \`${alias}\``}`,
    };
  }

  #derived(node: Node): Read<FromItem> {
    only(node, ["expr", "as", "prefix", "join", "on", "using"], "derived table");
    if (node.prefix !== "LATERAL") throw new Refusal("MISREAD", "an unknown derived table", null);
    const query = this.#subquery(node.expr);
    const written = asText(node.as, "alias of a derived table");
    const text = `LATERAL ${query.text} AS \`${written}\``;
    if (written === "g0") {
      return { value: { kind: "derived", query: query.value, lateral: false, alias: null, columns: null }, text };
    }
    const index = this.#expressions.index(written);
    const alias = this.#expressions.name(index);
    const json = this.#references.jsonTables.get(index);
    if (json !== undefined) {
      const body = query.value.body;
      const item = body.kind === "select" ? body.items[0] : undefined;
      if (item?.kind !== "expression") throw new Refusal("MISREAD", "a JSON_TABLE without a document", null);
      return { value: { kind: "jsonTable", document: item.expression, alias, columns: json }, text };
    }
    const columns = this.#references.columnLists.get(index) ?? null;
    const lateral = this.#references.laterals.has(index);
    return { value: { kind: "derived", query: query.value, lateral, alias, columns }, text };
  }

  #subquery(value: unknown): Read<Query> {
    const node = asNode(value, "subquery");
    only(node, ["tableList", "columnList", "ast", "parentheses"], "subquery");
    const query = this.query(asNode(node.ast, "subquery"));
    return { value: query.value, text: `(${query.text})` };
  }
}
