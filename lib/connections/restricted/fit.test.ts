import { describe, expect, it } from "vitest";
import { SHOP } from "@/lib/sql/shop.fixture";
import { type ColumnPrivileges, restrictedFit } from "./fit";
import { type ReachedTable, restrictedReach } from "./reach";

const account = "`clean`@`%`";
const reach = restrictedReach({
  catalogue: SHOP,
  isMasked: (column) => `${column.schema}.${column.table}.${column.column}` === "shop.people.secret",
  schemas: ["shop"],
});
const USAGE = `GRANT USAGE ON *.* TO ${account} IDENTIFIED BY PASSWORD '*0123456789ABCDEF'`;

/** The rows of an account that is exactly as it should be. */
const fitting: readonly ColumnPrivileges[] = reach
  .filter((table) => table.granted)
  .flatMap((table) => [
    ...table.readable.map((column) => row(table, column, "select,insert,update")),
    ...hiddenRows(table),
  ]);

function hiddenRows(table: ReachedTable): readonly ColumnPrivileges[] {
  return table.kind === "view" ? [] : table.hidden.map((one) => row(table, one.column, "insert,update"));
}
function row(table: { schema: string; name: string }, column: string, privileges: string): ColumnPrivileges {
  return { schema: table.schema, table: table.name, column, privileges };
}

const compare = (columns = fitting, ...lines: readonly string[]) =>
  restrictedFit({ reach, columns, grants: [USAGE, ...lines], account });
const plus = (schema: string, name: string, column: string, privileges = "SELECT") => [
  ...fitting.filter((one) => `${one.schema}.${one.table}.${one.column}` !== `${schema}.${name}.${column}`),
  row({ schema, name }, column, privileges),
];

describe("whether the restricted account fits", () => {
  it("is fine with what the script gives", () => {
    const line = `GRANT SELECT (\`id\`, \`name\`), INSERT, UPDATE, DELETE ON \`shop\`.\`people\` TO ${account}`;
    expect(compare(fitting, line)).toEqual({ verdict: "ok", problems: [] });
  });

  it("fails an account that may read a masked column, and says what gives it", () => {
    const found = compare(plus("shop", "people", "secret"), `GRANT SELECT, INSERT ON \`sh%\`.* TO ${account}`);
    expect(found.verdict).toBe("failed");
    expect(found.problems).toEqual([
      {
        direction: "too_much",
        severity: "failed",
        message: "It may read masked columns of shop.people: secret.",
        remedy: expect.stringMatching(/^Run the script .* SELECT stands on `sh%`\.\*\.$/u),
      },
    ]);
  });

  it("points to PUBLIC and roles where the privilege comes from there", () => {
    const found = compare(plus("shop", "people", "secret"), "GRANT SELECT ON `shop`.`people` TO PUBLIC");
    expect(found.problems[0]?.remedy).toBe(
      "The privilege comes from PUBLIC on `shop`.`people`: take SELECT back there.",
    );
  });

  it("fails an account that may read a view over a masked column, and warns of one that nobody understands", () => {
    expect(compare(plus("shop", "v_filtered", "id")).problems).toMatchObject([
      { severity: "failed", message: "It may read the view shop.v_filtered: the view reads shop.people.secret." },
    ]);
    expect(compare(plus("shop", "v_broken", "id"))).toMatchObject({
      verdict: "warning",
      problems: [{ direction: "too_much", message: expect.stringContaining("could not be shown") }],
    });
  });

  it("names the columns that clean statements would miss, and the grant for them", () => {
    expect(compare(plus("shop", "people", "born", "insert"))).toEqual({
      verdict: "warning",
      problems: [
        {
          direction: "too_little",
          severity: "warning",
          message: expect.stringMatching(/^It may not read born of shop\.people: /u),
          remedy: "GRANT SELECT (`born`) ON `shop`.`people` TO `clean`@`%`;",
        },
      ],
    });
    expect(compare(fitting.filter((one) => one.table !== "orders")).problems).toMatchObject([
      { remedy: "GRANT SELECT ON `shop`.`orders` TO `clean`@`%`;" },
    ]);
  });

  it("says it once when the account may read nothing at all", () => {
    expect(compare([]).problems).toMatchObject([{ direction: "too_little", severity: "failed" }]);
  });

  it("warns of tables and columns that the catalogue does not know", () => {
    expect(
      compare([...plus("shop", "people", "fresh"), row({ schema: "shop", name: "later" }, "id", "select")]),
    ).toMatchObject({
      verdict: "warning",
      problems: [{ message: "It may read what the catalogue does not know: shop.later, shop.people.fresh." }],
    });
  });

  it.each([
    ["FILE", "*.*", "files on the server"],
    ["SUPER", "*.*", "global settings"],
    ["PROCESS", "*.*", "statements of every other session"],
    ["EXECUTE", "`shop`.*", "run routines"],
    ["EXECUTE", "PROCEDURE `shop`.`copy`", "run routines"],
    ["ALTER", "`shop`.`people`", "rename columns"],
    ["ALL PRIVILEGES", "`shop`.*", "may do anything there"],
    ["REPLICATION SLAVE", "*.*", "every change"],
  ])("fails %s on %s", (privilege, scope, why) => {
    const found = compare(fitting, `GRANT SELECT, ${privilege} ON ${scope} TO ${account}`).problems[0];
    expect(found).toMatchObject({ direction: "too_much", severity: "failed", message: expect.stringContaining(why) });
    expect(found?.remedy).toBe(`REVOKE ${privilege} ON ${scope} FROM ${account};`);
  });

  it.each(["`mysql`.`user`", "`mysql`.*", "`my%`.*", "`performance_schema`.*", "*.*"])(
    "fails SELECT on %s",
    (scope) => {
      const [found] = compare(fitting, `GRANT SELECT ON ${scope} TO ${account}`).problems;
      expect(found).toMatchObject({ severity: "failed", message: expect.stringContaining("SELECT on ") });
    },
  );

  it("takes an escaped wildcard for the letter", () => {
    expect(compare(fitting, `GRANT SELECT ON \`m\\_sql\`.* TO ${account}`).verdict).toBe("ok");
    expect(compare(fitting, `GRANT SELECT ON \`m_sql\`.* TO ${account}`).verdict).toBe("failed");
  });

  it("fails GRANT OPTION and PROXY, and warns of roles and of lines it can not read", () => {
    const messages = (line: string) => compare(fitting, line).problems.map((one) => `${one.severity}: ${one.message}`);
    expect(messages(`GRANT SELECT ON \`shop\`.\`orders\` TO ${account} WITH GRANT OPTION`)).toEqual([
      "failed: GRANT OPTION on `shop`.`orders`: may pass its privileges on.",
    ]);
    expect(messages(`GRANT PROXY ON \`root\`@\`%\` TO ${account}`)).toEqual([expect.stringContaining("failed: ")]);
    expect(messages(`GRANT \`reader\`@\`%\` TO ${account}`)).toEqual([
      expect.stringContaining("warning: It has a role"),
    ]);
    expect(messages("something '*0123456789ABCDEF'")).toEqual([
      "warning: A line of its SHOW GRANTS is not understood.",
    ]);
    expect(messages(`REVOKE SELECT ON \`mysql\`.* FROM ${account}`)).toEqual([]);
  });

  it("warns only of privileges that open nothing", () => {
    expect(compare(fitting, `GRANT SELECT, SHOW VIEW ON \`shop\`.\`orders\` TO ${account}`).verdict).toBe("warning");
  });

  it("reads what MySQL writes: dynamic privileges on lines of their own", () => {
    const lines = [`GRANT USAGE ON *.* TO ${account}`, `GRANT BACKUP_ADMIN,ROLE_ADMIN ON *.* TO ${account}`];
    expect(compare(fitting, ...lines).problems.map((one) => one.remedy)).toEqual([
      `REVOKE BACKUP_ADMIN ON *.* FROM ${account};`,
      `REVOKE ROLE_ADMIN ON *.* FROM ${account};`,
    ]);
  });
});
