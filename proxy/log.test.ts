import { DrizzleQueryError } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { SallyportError } from "@/lib/errors/error";
import { describeError } from "./log";

/** An error as mysql2 throws it: statement and values in its fields and text. */
function driverError(errno: number | undefined, code: string): Error {
  return Object.assign(new Error("Duplicate entry 'ann@example.com' for key 'email'"), {
    code,
    ...(errno === undefined ? {} : { errno }),
    sql: "INSERT INTO t VALUES ('ann@example.com')",
  });
}

describe("errors in the log", () => {
  it("keep a store error's number and nothing of its statement or values", () => {
    const wrapped = new DrizzleQueryError(
      "INSERT INTO t VALUES (?)",
      ["ann@example.com"],
      driverError(1062, "ER_DUP_ENTRY"),
    );
    for (const error of [wrapped, driverError(1062, "ER_DUP_ENTRY")]) {
      expect(describeError(error)).toEqual({ type: "StoreError", errno: 1062 });
    }
  });

  it("keep the kind of a lost connection, without the statement that was running", () => {
    const text = JSON.stringify(
      describeError(new DrizzleQueryError("SELECT 'x'", [], driverError(undefined, "ECONNREFUSED"))),
    );
    expect(text).toContain("ECONNREFUSED");
    expect(text).not.toContain("ann@example.com");
    expect(text).not.toContain("SELECT");
  });

  it("keep what a known error says, and the kind of its cause", () => {
    const error = new SallyportError("UNAVAILABLE", "The store does not answer", {
      cause: driverError(1040, "ER_CON_COUNT_ERROR"),
    });
    expect(describeError(error)).toEqual({
      type: "SallyportError",
      code: "UNAVAILABLE",
      message: "The store does not answer",
      cause: { type: "StoreError", errno: 1040 },
    });
  });

  it("keep text and stack of a programming error", () => {
    expect(describeError(new TypeError("x is not a function"))).toMatchObject({
      type: "TypeError",
      message: "x is not a function",
      stack: expect.stringContaining("log.test.ts"),
    });
    expect(describeError("text that may hold anything")).toEqual({ type: "string" });
  });
});
