import { describe, expect, it } from "vitest";
import { SallyportError } from "./error";
import { mysqlError } from "./mysql";

describe("mysqlError", () => {
  it("says what happened, what to do next, and names code and event", () => {
    const error = new SallyportError("LOGIN_REFUSED", "The token expired at 10:00.", { next: "Get a new token." });
    expect(mysqlError(error, { event: "01J" })).toEqual({
      errno: 1045,
      sqlState: "28000",
      message: "[sallyport] The token expired at 10:00. Get a new token. (code=LOGIN_REFUSED event=01J)",
    });
  });

  it("leaves out the next step when there is none", () => {
    expect(mysqlError(new SallyportError("COMMAND_REFUSED", "COM_SHUTDOWN is refused")).message).toBe(
      "[sallyport] COM_SHUTDOWN is refused. (code=COMMAND_REFUSED)",
    );
  });

  it("names approval and rule", () => {
    expect(
      mysqlError(new SallyportError("POLICY_DENIED", "No"), { approval: "A", rule: "read orders" }).message,
    ).toContain("approval=A rule=read orders)");
  });

  it("never shows the text of an error that was not written for the wire", () => {
    for (const error of [
      new Error("secret at 10.0.0.1"),
      new SallyportError("INTERNAL", "secret at 10.0.0.1"),
      "secret",
    ]) {
      const shown = mysqlError(error);
      expect(shown.errno).toBe(1105);
      expect(shown.message).not.toContain("secret");
    }
  });

  it("keeps control characters out of the message", () => {
    expect(mysqlError(new SallyportError("NOT_UNDERSTOOD", "a\nb\u0000c")).message).toContain("a b c");
  });
});
