import { Refusal } from "./cursor";

/** A node of the tree node-sql-parser makes: nothing is known about it. */
export type Node = Readonly<Record<string, unknown>>;

/** A part of the parser's tree: what it means, and the text it stands for. */
export interface Read<T> {
  readonly value: T;
  readonly text: string;
}

/** Refuses anything but an object. */
export function asNode(value: unknown, what: string): Node {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Refusal("UNSUPPORTED", `the parser's ${what} is not understood`, null);
  }
  return value as Node;
}

/** Refuses anything but a list. */
export function asList(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new Refusal("UNSUPPORTED", `the parser's ${what} is not a list`, null);
  return value;
}

/** Refuses anything but a string. */
export function asText(value: unknown, what: string): string {
  if (typeof value !== "string") throw new Refusal("UNSUPPORTED", `the parser's ${what} is not a name`, null);
  return value;
}

/** Refuses a node that carries anything but the listed keys. */
export function only(node: Node, keys: readonly string[], what: string): void {
  for (const [key, value] of Object.entries(node)) {
    if (value === null || value === undefined || keys.includes(key)) continue;
    throw new Refusal("UNSUPPORTED", `the parser's ${what} has an unknown part "${key}"`, null);
  }
}
