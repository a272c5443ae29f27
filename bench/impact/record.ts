import { idOf, randomFrom } from "@/e2e/support/history";
import type { Mask } from "@/lib/masking/mask";
import { mask } from "@/lib/masking/mask";
import { type Policy, policy } from "@/lib/policy/rule";
import type { StatementValue } from "@/lib/policy/value";
import { canonicalise } from "@/lib/sql/canonical";
import { type CatalogueSnapshot, type CatalogueTable, compileCatalogue } from "@/lib/sql/catalogue";
import { lex } from "@/lib/sql/lexer";

/** A made-up record of one connection: every statement is one that gateways understand. */

const TABLES = 100;
const SHAPES = 20;
const PEOPLE = 40;
const COLUMNS = ["id", "status", "amount", "email", "name", "city", "notes", "created_at"] as const;
const STATES = ["open", "paid", "sent", "lost"] as const;

export const BENCH_CONNECTION = { id: "0".repeat(26), name: "shop", schema: "shop" } as const;

export interface BenchStatement {
  readonly id: string;
  readonly at: Date;
  readonly identityId: string;
  readonly command: "query" | "execute";
  readonly sql: string;
  readonly templateHash: string;
  readonly parameters: readonly StatementValue[] | null;
}

interface Template {
  /** Pieces around the values, each value by what it is. */
  readonly pieces: readonly string[];
  readonly values: readonly ("id" | "state" | "limit")[];
}

const bit = (number: number, at: number) => (Math.floor(number / 2 ** at) & 1) === 1;

/** Seven of ten read, with a LIMIT; two change rows, one deletes them. */
function templateText(table: number, shape: number): string {
  const [first = "id", ...others] = COLUMNS.filter((_, at) => bit(shape * 37 + 11, at % 6));
  const picked = [first, ...others];
  const from = `t${table}`;
  if (shape < 14) {
    const join = shape % 5 === 4 ? ` JOIN t${(table + 1) % TABLES} b ON b.id = a.id` : "";
    const columns = picked.map((name) => `a.${name} AS ${name}_${shape}`).join(", ");
    return `SELECT ${columns} FROM ${from} a${join} WHERE a.id = {id} AND a.status = {state} AND a.amount > ${shape} LIMIT {limit}`;
  }
  if (shape < 18)
    return `UPDATE ${from} SET status = {state}, city = 'here' WHERE id = {id} AND ${COLUMNS[shape % 8]} IS NOT NULL`;
  return `DELETE FROM ${from} WHERE id = {id} AND status = {state} AND ${COLUMNS[shape % 8]} IS NOT NULL`;
}

function templates(): Template[] {
  return Array.from({ length: TABLES * SHAPES }, (_, at) => {
    const parts = templateText(at % TABLES, Math.floor(at / TABLES)).split(/\{(id|state|limit)\}/);
    const values = parts.filter((_, i) => i % 2 === 1).map((one) => (one === "id" || one === "state" ? one : "limit"));
    return { pieces: parts.filter((_, i) => i % 2 === 0), values };
  });
}

function textOf({ pieces, values }: Template, valueAt: (at: number) => string): string {
  return pieces.map((piece, at) => (at < values.length ? piece + valueAt(at) : piece)).join("");
}

function hashOf(sql: string): string {
  const result = lex(Buffer.from(sql), "mariadb");
  if (!result.ok) throw new Error(`${result.reason}: ${sql}`);
  return canonicalise(result.lexed).templateHash;
}

const valueText = (value: StatementValue) =>
  value.kind === "number" ? value.text : value.kind === "string" ? `'${value.text}'` : "NULL";

/** Statements of the last `days` days, oldest first; those of one template in five were prepared. */
export function* benchStatements(count: number, days: number): Generator<BenchStatement> {
  const random = randomFrom(7);
  const int = (below: number) => Math.floor(random() * below);
  const made = templates().map((template, at) => {
    const prepared = at % 5 === 0;
    const sample = textOf(template, (place) => (prepared ? "?" : template.values[place] === "state" ? "'x'" : "1"));
    return { template, prepared, sample, hash: hashOf(sample) };
  });
  const span = days * 86_400_000 - 3_600_000;
  const start = Date.now() - span;
  for (let n = 0; n < count; n += 1) {
    // Few are run often, most seldom.
    const one = made[Math.floor(made.length * random() ** 2)];
    if (one === undefined) throw new Error("there are templates");
    const at = new Date(start + Math.floor((span * n) / count));
    const values = one.template.values.map((kind): StatementValue => {
      if (kind === "state") return { kind: "string", text: STATES[int(STATES.length)] ?? "open" };
      return { kind: "number", form: "integer", text: String(kind === "id" ? int(1_000_000) : 1 + int(120)) };
    });
    const plain = { id: idOf(at, n), at, identityId: personId(int(PEOPLE)) };
    const { hash: templateHash } = one;
    if (one.prepared) {
      yield { ...plain, command: "execute", sql: one.sample, templateHash, parameters: values };
      continue;
    }
    const sql = textOf(one.template, (place) => valueText(values[place] ?? { kind: "null" }));
    yield { ...plain, command: "query", sql, templateHash, parameters: null };
  }
}

const personId = (at: number) => idOf(new Date(1_600_000_000_000), at);

export function benchPeople(): readonly { readonly id: string; readonly name: string; readonly groups: string[] }[] {
  return Array.from({ length: PEOPLE }, (_, at) => ({
    id: personId(at),
    name: `agent-${at}`,
    groups: [`team-${at % 4}`],
  }));
}

export function benchCatalogue(): CatalogueSnapshot {
  const table = (at: number): CatalogueTable => ({
    schema: "shop",
    name: `t${at}`,
    kind: "table",
    columns: COLUMNS.map((name) => ({
      name,
      dataType: name === "id" || name === "amount" ? "int" : "varchar",
      columnType: name === "id" || name === "amount" ? "int(11)" : "varchar(80)",
      nullable: true,
      hasDefault: false,
      generated: null,
      invisible: false,
    })),
    primaryKey: ["id"],
    indexes: [],
    definition: null,
  });
  return compileCatalogue({
    flavour: "mariadb",
    serverVersion: "10.11",
    lowerCaseTableNames: 0,
    sqlMode: "",
    schemas: ["shop"],
    tables: Array.from({ length: TABLES }, (_, at) => table(at)),
    routines: [],
    triggers: [],
  }).snapshot;
}

/** One policy for each team: of half of the tables few rows may be read at a time, so that a third of all statements is decided by values. */
export function benchPolicies(maxLimit: number, others: object = {}): readonly Policy[] {
  const half = Array.from({ length: TABLES / 2 }, (_, at) => at * 2);
  return Array.from({ length: 4 }, (_, team) =>
    policy.parse({
      name: `team ${team}`,
      identities: [{ group: `team-${team}` }],
      rules: [
        {
          name: "few",
          effect: "allow",
          statements: ["select"],
          tables: half.map((at) => `shop.t${at}`),
          max_limit: maxLimit,
        },
        { name: "all", effect: "allow", statements: ["select"], tables: half.map((at) => `shop.t${at + 1}`) },
        { name: "change", effect: "allow", statements: ["update"], tables: ["shop.*"] },
        { name: "delete", effect: "review", statements: ["delete"], tables: ["shop.*"], ...others },
      ],
    }),
  );
}

export const benchMasks = (): readonly Mask[] => [mask.parse({ column: "shop.*.email", method: "email" })];
