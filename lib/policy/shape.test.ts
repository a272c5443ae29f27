import { describe, expect, it } from "vitest";
import { canonicalise } from "@/lib/sql/canonical";
import { isReserved } from "@/lib/sql/keywords";
import { lex } from "@/lib/sql/lexer";
import { shapeOf } from "./shape";

function shape(sql: string) {
  const result = lex(Buffer.from(sql), "mariadb");
  if (!result.ok) throw new Error(`${sql}: ${result.reason}`);
  return shapeOf(result.lexed.tokens, canonicalise(result.lexed).literals, (upper) => isReserved(upper, "mariadb"));
}

describe("shapes", () => {
  it.each([
    ["UPDATE orders SET status = ? WHERE id = ?", "update `orders`  set `status`='refunded' where `id`=5"],
    ["SELECT name FROM t WHERE id = ?", "select /* hi */ NAME from T where ID = -- x\n 7"],
    ["SELECT count(*) FROM t LIMIT 5", "SELECT COUNT(*) FROM t LIMIT 10"],
    ["INSERT INTO t (a) VALUES (?), (?)", "INSERT INTO t (a) VALUES (1),(2)"],
    ["SELECT a FROM t WHERE b = (SELECT 1)", "SELECT a FROM t WHERE b =(SELECT 1)"],
  ])("are the same for %s and %s", (a, b) => {
    expect(shape(a).key).toBe(shape(b).key);
  });

  it.each([
    ["SELECT a FROM t WHERE id = ?", "SELECT b FROM t WHERE id = 5"],
    ["SELECT a FROM t WHERE id = ?", "SELECT a FROM t WHERE id = 5 OR 1"],
    ["SELECT a FROM t WHERE id = ?", "SELECT a FROM t WHERE id = -5"],
    ["SELECT a FROM t ORDER BY 1", "SELECT a FROM t ORDER BY 2"],
    ["SELECT f(a) FROM t", "SELECT f (a) FROM t"],
    ["SELECT `select` FROM t", "SELECT select1 FROM t"],
    ["SELECT `a b` FROM t", "SELECT a b FROM t"],
    ["SELECT @a FROM t", "SELECT @b FROM t"],
    ["SELECT a FROM t WHERE x = ?", "SELECT a FROM t WHERE x = NULL"],
  ])("differ for %s and %s", (a, b) => {
    expect(shape(a).key).not.toBe(shape(b).key);
  });

  it("name the literal behind each placeholder in order", () => {
    expect(shape("UPDATE t SET a = 'x' WHERE id = 7 AND b = ?").values).toEqual([0, 1, 2]);
  });
});
