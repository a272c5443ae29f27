import { describe, expect, it } from "vitest";
import type { TokenKeys } from "@/lib/masking/cell";
import type { MaskPass } from "@/lib/masking/decide";
import { lex } from "@/lib/sql/lexer";
import { rewriterOf } from "./rewrite";

/** Opens `tok_x` to x; the values say what they need of quoting. */
const tokens: TokenKeys = {
  seal: (value) => `tok_${value.toString("latin1")}`,
  open: (token) => Buffer.from(token.slice(4), "latin1"),
};

function rewriter(avoid: readonly number[], literals: readonly number[]) {
  const pass: MaskPass = {
    ok: true,
    outputs: null,
    names: true,
    touches: true,
    hidden: [],
    exempt: [],
    written: [],
    tokens: literals.map((literal) => ({ kind: "literal", literal })),
    order: { avoid: avoid.map((at) => ({ at, indexes: ["by_email"] })), open: [] },
  };
  const made = rewriterOf(pass, "mariadb", tokens);
  if (made === null) throw new Error("nothing to rewrite");
  return (sql: string) => made(Buffer.from(sql)).toString("utf8");
}

function tokensOf(sql: string): readonly string[] {
  const read = lex(Buffer.from(sql), "mariadb");
  if (!read.ok) throw new Error(read.reason);
  return read.lexed.tokens.map(({ text }) => text);
}

describe("a statement rewritten for masks", () => {
  it.each([
    ["a hint before WHERE", [4], [], "SELECT id FROM t WHERE id = 1", "SELECT id FROM t WHERE id = 12345"],
    ["a hint behind everything", [4], [], "SELECT 1 FROM t", "SELECT 77 FROM t"],
    [
      "hints behind literals of other lengths",
      [6, 8],
      [],
      "SELECT 'a', 2 FROM t, u",
      "SELECT 'long text', 22 FROM t, u",
    ],
    [
      "a hint that touches what is before it",
      [4],
      [],
      "SELECT id FROM t\nWHERE id = 1",
      "SELECT id FROM t\nWHERE id = 22",
    ],
    ["a hint before a parenthesis", [7], [], "SELECT 1 FROM a JOIN (t)", "SELECT 22 FROM a JOIN (t)"],
    ["a token", [], [0], "SELECT id FROM t WHERE e = 'tok_a'", "SELECT id FROM t WHERE e = 'tok_bcd'"],
    [
      "a value that needs quoting",
      [],
      [0],
      "SELECT id FROM t WHERE e = 'tok_a'",
      "SELECT id FROM t WHERE e = 'tok_o\"x'",
    ],
    [
      "a value that is not UTF-8",
      [],
      [0],
      "SELECT id FROM t WHERE e = 'tok_a'",
      "SELECT id FROM t WHERE e = 'tok_\u00ff'",
    ],
    ["no token any more", [], [0], "SELECT id FROM t WHERE e = 'tok_a'", "SELECT id FROM t WHERE e = 'plain'"],
    [
      "a hint and tokens",
      [4],
      [1, 2],
      "SELECT 1 FROM t WHERE e IN ('tok_a', 'tok_b')",
      "SELECT 22 FROM t WHERE e IN ('tok_cc', 'x')",
    ],
    ["another shape", [4], [], "SELECT id FROM t WHERE id = 1", "SELECT id FROM t  WHERE  id = 1"],
    ["a comment", [4], [], "SELECT id FROM t WHERE id = 1", "SELECT id FROM t /* why */ WHERE id = 1"],
    ["escapes", [4], [], "SELECT id FROM t WHERE id = 'a'", "SELECT id FROM t WHERE id = 'it\\'s'"],
  ] as const)("says the same whether its places are known or not: %s", (_name, avoid, literals, first, second) => {
    const known = rewriter(avoid, literals);
    expect(tokensOf(known(first))).toEqual(tokensOf(rewriter(avoid, literals)(first)));
    expect(tokensOf(known(second))).toEqual(tokensOf(rewriter(avoid, literals)(second)));
    expect(tokensOf(known(first))).toEqual(tokensOf(rewriter(avoid, literals)(first)));
  });

  it("has its hint where the token was, and a token's value in the token's place", () => {
    const rewrite = rewriter([4], [1]);
    rewrite("SELECT 1 FROM t WHERE e = 'tok_a'");
    expect(rewrite("SELECT 22 FROM t WHERE e = 'tok_bcd'")).toBe(
      "SELECT 22 FROM t IGNORE INDEX (`by_email`) WHERE e = 'bcd'",
    );
  });
});
