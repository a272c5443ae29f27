import { describe, expect, it } from "vitest";
import { understand } from "@/lib/policy/understand";
import { compileCatalogue } from "@/lib/sql/catalogue";
import { SHOP } from "@/lib/sql/shop.fixture";
import { accountUse, partOfSession } from "./account-use";
import { mask } from "./mask";
import { compileMasks } from "./mask-set";

const CATALOGUE = compileCatalogue(SHOP);
const MASKS = compileMasks(
  [
    mask.parse({ column: "shop.people.secret", method: "redact", exempt: ["fraud"] }),
    mask.parse({ column: "shop.people.mail", method: "token", predicates: "any" }),
  ],
  ["fraud"],
);

function understood(sql: string) {
  const result = understand(Buffer.from(sql), {
    dialect: "mariadb",
    catalogue: CATALOGUE,
    defaultSchema: "shop",
    pipesAsConcat: false,
  });
  if (!result.ok) throw new Error(`${sql}: ${result.message}`);
  return result;
}
function useOf(sql: string, masks = MASKS) {
  const { subject, analysis } = understood(sql);
  return accountUse(subject, analysis, masks, CATALOGUE);
}

describe("who runs a statement where there is a restricted account", () => {
  it.each([
    "SELECT secret FROM people",
    "SELECT p.* FROM people p",
    "SELECT COUNT(secret) FROM people",
    "SELECT id FROM people WHERE mail = 'a'",
    "SELECT id FROM people ORDER BY mail",
    "SELECT x FROM (SELECT mail AS x FROM people) t",
    "SELECT id FROM staff WHERE EXISTS (SELECT mail FROM people)",
  ])("the main account: %s", (sql) => {
    expect(useOf(sql).account).toBe("main");
  });

  it.each([
    ["SELECT id, name FROM people", "disagreement"],
    ["SELECT COUNT(*) FROM people", "disagreement"],
    ["SELECT p.id FROM people p JOIN staff s ON s.id = p.id", "disagreement"],
    ["UPDATE people SET name = 'x' WHERE id = 1", "disagreement"],
    ["UPDATE people SET name = 'x' WHERE mail = 'a'", "masked"],
    ["INSERT INTO people (id, name) SELECT id, mail FROM people", "masked"],
    ["EXPLAIN SELECT mail FROM people", "masked"],
    ["SELECT id FROM staff", "privilege"],
    ["SHOW COLUMNS FROM people", "privilege"],
    ["SELECT COLUMN_NAME FROM information_schema.COLUMNS", "privilege"],
  ])("the restricted account: %s", (sql, refused) => {
    expect(useOf(sql)).toMatchObject({ account: "restricted", refused });
  });

  it("asks nobody but the restricted account where nothing is masked", () => {
    expect(useOf("SELECT secret FROM people", compileMasks([], []))).toMatchObject({
      account: "restricted",
      refused: "privilege",
    });
  });

  it("tells what another connection would not see of it", () => {
    expect(useOf("DELETE FROM staff WHERE id = 1")).toMatchObject({ changes: true, locksRows: false });
    expect(useOf("CREATE TABLE t (id INT)")).toMatchObject({ changes: true });
    expect(useOf("SELECT sleep(1) FROM staff")).toMatchObject({ changes: true });
    expect(useOf("SELECT id FROM staff")).toMatchObject({ changes: false, holds: false });
    expect(useOf("SELECT mail FROM people FOR UPDATE")).toMatchObject({ changes: false, locksRows: true });
    expect(useOf("LOCK TABLES people WRITE")).toMatchObject({ holds: true });
    expect(useOf("SELECT mail FROM people WHERE id = @a")).toMatchObject({
      readsVariables: true,
      setsVariables: false,
    });
    expect(useOf("SELECT id INTO @a FROM staff LIMIT 1")).toMatchObject({ setsVariables: true });
  });

  it.each([
    ["SELECT secret FROM people WHERE id = LAST_INSERT_ID()", "LAST_INSERT_ID()"],
    ["SELECT secret, CONNECTION_ID() FROM people", "CONNECTION_ID()"],
    ["SELECT secret, @@autocommit FROM people", "@@autocommit"],
    ["SELECT SQL_CALC_FOUND_ROWS secret FROM people", "SQL_CALC_FOUND_ROWS"],
    ["SELECT secret INTO @a FROM people LIMIT 1", "a user variable that it sets"],
    ["SELECT secret, NOW(), CURRENT_USER(), @@time_zone FROM people WHERE id = @a", null],
  ])("knows what belongs to the own connection: %s", (sql, what) => {
    const { analysis } = understood(sql);
    expect(analysis === null ? undefined : partOfSession(analysis)).toBe(what);
  });
});
