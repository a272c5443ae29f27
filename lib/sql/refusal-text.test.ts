import { describe, expect, it } from "vitest";
import { lexText } from "./lexer";
import { refusalText } from "./refusal-text";

describe("the text of a refusal", () => {
  it("says what happened, what to do and where", () => {
    const result = lexText("SELECT name /*!, ssn */ FROM customers", "mysql");
    expect(result.ok ? "" : refusalText(result.reason, result.at)).toBe(
      "executable comments are refused; write the statement without /*! */ (at byte 13)",
    );
  });

  it("never repeats what the client sent", () => {
    const result = lexText("SELECT 'top secret", "mysql");
    expect(result.ok ? "" : refusalText(result.reason, result.at)).toBe("a quote is not closed (at byte 8)");
  });
});
