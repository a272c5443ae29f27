import { PLACEHOLDER_BASE } from "../canonical";
import type { Expression, Query, ValueRef } from "../model";
import { type Argument, type References, Refusal, valueRef } from "./cursor";
import { asList, asNode, asText, type Node, only, type Read } from "./tree-node";

/** Reads names, values and calls of the simplified text; queries inside are read by whom it belongs to. */
export class ExpressionReader {
  readonly #references: References;
  readonly #subquery: (value: unknown) => Read<Query>;

  constructor(references: References, subquery: (value: unknown) => Read<Query>) {
    this.#references = references;
    this.#subquery = subquery;
  }

  expression(value: unknown): Read<Expression> {
    const node = asNode(value, "expression");
    switch (node.type) {
      case "number":
        return this.number(node);
      case "column_ref":
        return this.#column(node);
      case "function":
        return this.#call(node);
      default:
        throw new Refusal("UNSUPPORTED", `the parser's expression "${String(node.type)}" is not understood`, null);
    }
  }

  number(node: Node): Read<ValueRef> {
    only(node, ["type", "value"], "number");
    const literal =
      typeof node.value === "number" ? this.#references.literals[node.value - PLACEHOLDER_BASE] : undefined;
    if (node.type !== "number" || literal === undefined) throw new Refusal("MISREAD", "an unknown value", null);
    return { value: valueRef(literal), text: String(node.value) };
  }

  #column(node: Node): Read<Expression> {
    only(node, ["type", "db", "table", "column"], "column");
    const parts = [node.db, node.table].filter((part) => part !== null && part !== undefined);
    const names = [...parts.map((part) => this.quoted(part, "column")), asText(node.column, "column")];
    const [column, table, schema] = names.map((name) => this.name(this.index(name))).reverse();
    if (column === undefined) throw new Refusal("MISREAD", "a column without a name", null);
    return {
      value: { kind: "column", schema: schema ?? null, table: table ?? null, column },
      text: names.map((name) => `\`${name}\``).join("."),
    };
  }

  #call(node: Node): Read<Expression> {
    only(node, ["type", "name", "args"], "call");
    const nameNode = asNode(node.name, "call");
    only(nameNode, ["name"], "call");
    const [part, more] = asList(nameNode.name, "call");
    const name = asNode(part, "call");
    only(name, ["type", "value"], "call");
    const written = asText(name.value, "call");
    const shape = /^f\d+$/u.test(written) ? this.#references.shapes[Number(written.slice(1))] : undefined;
    if (more !== undefined || shape === undefined) throw new Refusal("MISREAD", "an unknown call", null);
    const list = asNode(node.args, "arguments");
    only(list, ["type", "value"], "arguments");
    const args = asList(list.value, "arguments").map((entry) => this.#argument(entry));
    if (args.length !== shape.count) throw new Refusal("MISREAD", "a call with other arguments", null);
    return {
      value: shape.build(args.map((arg) => arg.value)),
      text: `${written}(${args.map((arg) => arg.text).join(", ")})`,
    };
  }

  #argument(value: unknown): Read<Argument> {
    const node = asNode(value, "argument");
    if (node.ast !== undefined) {
      const query = this.#subquery(node);
      return { value: { kind: "query", query: query.value }, text: query.text };
    }
    const expression = this.expression(node);
    return { value: { kind: "expression", expression: expression.value }, text: expression.text };
  }

  quoted(value: unknown, what: string): string {
    const node = asNode(value, what);
    only(node, ["type", "value"], what);
    if (node.type !== "backticks_quote_string") throw new Refusal("UNSUPPORTED", `the parser's ${what}`, null);
    return asText(node.value, what);
  }

  index(written: string): number {
    if (!/^n\d+$/u.test(written)) throw new Refusal("MISREAD", "an unknown name", null);
    return Number(written.slice(1));
  }

  name(index: number): string {
    const token = this.#references.tokens[index];
    if (token === undefined) throw new Refusal("MISREAD", "an unknown name", null);
    return token.text;
  }
}
