import { describe, expect, it } from "vitest";
import { lexText } from "@/lib/sql/lexer";
import { purposeOf } from "./purpose";

function purpose(sql: string): string | null {
  const read = lexText(sql, "mysql");
  if (!read.ok) throw new Error(read.reason);
  return purposeOf(read.lexed.comments);
}

describe("the purpose of a statement", () => {
  it.each([
    ["/* purpose: refund ticket 12 */ SELECT 1", "refund ticket 12"],
    ["/*Purpose :  two\n words */ SELECT 1", "two words"],
    ["-- purpose: on a line\nSELECT 1", "on a line"],
    ["/* hint */ /* purpose: second */ SELECT 1", "second"],
    ["SELECT 1 /* purpose: behind */", null],
    ["SELECT /* purpose: inside */ 1", null],
    ["/* the purpose: none */ SELECT 1", null],
    ["/* purpose: */ SELECT 1", null],
    ["SELECT 'purpose: x'", null],
    ["/* purpose: \u202Eteg\u202C */ SELECT 1", "teg"],
  ])("of %j is %j", (sql, expected) => {
    expect(purpose(sql)).toBe(expected);
  });

  it("is cut to what the store keeps", () => {
    expect(purpose(`/* purpose: ${"x".repeat(900)} */ SELECT 1`)).toHaveLength(500);
  });
});
