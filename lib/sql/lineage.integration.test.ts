import mysql from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase, testServer } from "@/e2e/support/store";
import { readCatalogue } from "@/lib/catalogue/read";
import { analyse } from "./analyse";
import type { Analysis, AnalysisResult } from "./analysis";
import { type Catalogue, compileCatalogue } from "./catalogue";
import { GENERATED_SCHEMA, StatementGenerator } from "./generate.fixture";
import { lexText } from "./lexer";

/** Statements of one run; each runs in both worlds. */
const STATEMENTS = 2_500;

interface World {
  readonly database: TestDatabase;
  readonly connection: mysql.Connection;
}

/** The worlds differ in nothing but `people.secret` and, when asked, `items.qty`. */
async function createWorld(secret: (id: number) => number, quantity: (id: number) => number): Promise<World> {
  const database = await createTestDatabase();
  const connection = await mysql.createConnection({ ...testServer(), database: database.name });
  for (const statement of GENERATED_SCHEMA) await connection.query(statement);
  const names = ["ada", "ben", "chloe", "dan", "eva"];
  for (let id = 1; id <= 5; id += 1) {
    await connection.query("INSERT INTO people VALUES (?, ?, ?, ?)", [
      id,
      names[id - 1],
      secret(id),
      id === 1 ? null : 1,
    ]);
    await connection.query("INSERT INTO orders VALUES (?, ?, ?, ?)", [
      id,
      (id % 3) + 1,
      id * 20,
      ["x", "ada", null][id % 3],
    ]);
    await connection.query("INSERT INTO items (id, order_id, qty) VALUES (?, ?, ?)", [id, (id % 4) + 1, quantity(id)]);
  }
  return { database, connection };
}

async function closeWorld(world: World): Promise<void> {
  await world.connection.end();
  await world.database.drop();
}

interface Answer {
  readonly rows: readonly string[];
  readonly fields: readonly mysql.FieldPacket[];
}

async function ask(world: World, sql: string): Promise<Answer | null> {
  try {
    const [rows, fields] = await world.connection.query<mysql.RowDataPacket[][]>({ sql, rowsAsArray: true });
    return { rows: rows.map((row) => JSON.stringify(row)).sort(), fields };
  } catch (error) {
    if (error instanceof Error && "fatal" in error && error.fatal === true)
      throw new Error(`the server went away on ${sql}`);
    return null;
  }
}

describe("lineage against a real server", () => {
  let first: World;
  let second: World;
  let catalogue: Catalogue;
  const understand = (sql: string): AnalysisResult => {
    const lexed = lexText(sql, "mariadb");
    if (!lexed.ok) throw new Error(`the lexer refused ${sql}: ${lexed.reason}`);
    const { tokens, literals } = lexed.lexed;
    return analyse({ tokens, literals, catalogue, defaultSchema: first.database.name });
  };

  beforeAll(async () => {
    first = await createWorld(
      (id) => id * 20,
      (id) => id,
    );
    second = await createWorld(
      (id) => 103 - id * 17,
      (id) => id,
    );
    const snapshot = await readCatalogue(async (sql) => {
      const [rows] = await first.connection.query<mysql.RowDataPacket[]>(sql);
      return rows;
    });
    catalogue = compileCatalogue(snapshot);
  });
  afterAll(async () => {
    await closeWorld(first);
    await closeWorld(second);
  });

  /** Where a column of the analysis differs from what the server says about it. */
  function disagreements(analysis: Analysis, answer: Answer): readonly string[] {
    const outputs = analysis.outputs ?? [];
    if (outputs.length !== answer.fields.length) return [`${outputs.length} columns, not ${answer.fields.length}`];
    return outputs.flatMap((output, index) => {
      const field = answer.fields[index];
      if (field === undefined) return ["a column is missing"];
      const wrong: string[] = [];
      if (output.name !== null && output.name !== field.name) wrong.push(`name ${output.name}, not ${field.name}`);
      const { origin } = output;
      const same =
        origin?.schema === field.schema && origin?.table === field.orgTable && origin?.column === field.orgName;
      if (origin !== null && !same)
        wrong.push(`origin ${origin.table}.${origin.column}, not ${field.orgTable}.${field.orgName}`);
      return wrong;
    });
  }

  function touches(analysis: Analysis, column: string): boolean {
    const isIt = (one: { readonly column: string }) => one.column === column;
    return (
      (analysis.outputs ?? []).some((output) => output.columns.some(isIt)) ||
      analysis.uses.some((use) => isIt(use.column))
    );
  }

  it("agrees with the server about every result column, and misses no way in which a column changes the answer", async () => {
    const generator = new StatementGenerator(20_261_123);
    const wrong: string[] = [];
    const leaks: string[] = [];
    const refused: string[] = [];
    let valid = 0;
    let withOrigin = 0;
    for (let count = 0; count < STATEMENTS; count += 1) {
      const sql = generator.statement();
      const answer = await ask(first, sql);
      const result = understand(sql);
      if (answer === null) continue;
      valid += 1;
      if (!result.ok) {
        refused.push(`${result.code} ${result.message}: ${sql}`);
        continue;
      }
      for (const one of disagreements(result, answer)) wrong.push(`${one}: ${sql}`);
      withOrigin += (result.outputs ?? []).filter((output) => output.origin !== null).length;
      const other = await ask(second, sql);
      const differs = other === null || JSON.stringify(other.rows) !== JSON.stringify(answer.rows);
      if (differs && !touches(result, "secret")) leaks.push(sql);
    }
    expect(wrong).toEqual([]);
    expect(leaks).toEqual([]);
    expect(valid).toBeGreaterThan(STATEMENTS / 2);
    expect(withOrigin).toBeGreaterThan(valid / 3);
    expect(refused.length / valid, refused.slice(0, 20).join("\n")).toBeLessThan(0.01);
  }, 300_000);
});
