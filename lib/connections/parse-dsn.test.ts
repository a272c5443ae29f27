import { describe, expect, it } from "vitest";
import { parseDsn } from "./parse-dsn";

describe("a pasted address", () => {
  it("fills every field it names", () => {
    expect(parseDsn("mysql://app:s3cret@db.internal:3307/shop?ssl-mode=VERIFY_IDENTITY")).toEqual({
      host: "db.internal",
      port: 3307,
      user: "app",
      password: "s3cret",
      schema: "shop",
      tls: "verify-full",
      ignored: [],
    });
  });

  it.each([
    ["mariadb://app:pw@h/db", { host: "h", schema: "db" }],
    ["mysql+pymysql://app:pw@h", { user: "app" }],
    ["mysql2://app@h", { user: "app" }],
    [
      "jdbc:mysql://h:3306/db?user=app&password=p%26w&sslMode=REQUIRED",
      { user: "app", password: "p&w", tls: "required" },
    ],
    ["mysql://h?tls=skip-verify", { tls: "required" }],
    ["mysql://h?sslmode=disable", { tls: "disabled" }],
    ["mysql://h?useSSL=false", { tls: "disabled" }],
    ["  mysql://[::1]:3308/x  ", { host: "::1", port: 3308, schema: "x" }],
    ["mysql://app:p%40ss%2Fw@h", { password: "p@ss/w" }],
    ["mysql://app:p@ss@h/db", { password: "p@ss", host: "h" }],
    ["mysql://app:100%@h", { password: "100%" }],
  ])("reads %s", (text, expected) => {
    expect(parseDsn(text)).toMatchObject(expected);
  });

  it("names the parameters that mean nothing here", () => {
    expect(parseDsn("mysql://h/db?charset=utf8mb4&tls=custom")?.ignored).toEqual(["charset", "tls"]);
  });

  it.each(["db.internal", "postgres://h/db", "https://mysql.example.com", "mysql://", "mysql:///db", ""])(
    "takes %j for something else",
    (text) => {
      expect(parseDsn(text)).toBeNull();
    },
  );
});
