import { describe, expect, it } from "vitest";
import { readAccount } from "./read-account";

/** What MySQL 8 answers to an account with a default role: SHOW GRANTS shows the active roles' privileges as the account's own. */
function mysqlWithRole(
  role = "`app_write`@`%`",
  mandatory = "",
): { readonly ask: (sql: string) => Promise<unknown[][]>; readonly asked: string[] } {
  const asked: string[] = [];
  let active = true;
  const roles = `GRANT ${role} TO \`app\`@\`%\``;
  const own = ["GRANT USAGE ON *.* TO `app`@`%`", "GRANT SELECT ON `shop`.`orders` TO `app`@`%`"];
  const together = [
    "GRANT USAGE ON *.* TO `app`@`%`",
    "GRANT SELECT, DELETE ON `shop`.`orders` TO `app`@`%`",
    "GRANT INSERT ON `shop`.`payments` TO `app`@`%`",
  ];
  const ask = async (sql: string): Promise<unknown[][]> => {
    asked.push(sql);
    if (sql.startsWith("SELECT CURRENT_USER()")) return [["app@%", "8.4.3"]];
    if (sql.startsWith("SELECT CURRENT_ROLE()")) return [[active ? role : "NONE", mandatory]];
    if (sql === "SET ROLE NONE") active = false;
    if (sql === "SHOW GRANTS") return [...(active ? together : own), roles].map((line) => [line]);
    if (sql.includes(" USING ")) return [...together, roles].map((line) => [line]);
    return [];
  };
  return { ask, asked };
}

describe("reading what an account of MySQL may do", () => {
  it("tells what an active role brings from what can be taken from the account itself", async () => {
    const { grants } = await readAccount(mysqlWithRole().ask);
    const from = (kind: "account" | "role") =>
      grants.held.filter((one) => one.source.kind === kind).map((one) => one.privilege);
    expect(from("account")).toEqual(["SELECT"]);
    expect(from("role")).toEqual(["DELETE", "INSERT"]);
    expect(grants.held.find((one) => one.privilege === "INSERT")?.source).toEqual({
      kind: "role",
      role: "`app_write`@`%`",
      active: true,
    });
    expect(grants.roles.map((one) => one.name)).toEqual(["`app_write`@`%`"]);
  });

  it.each([
    ["`a,b`@`%`", "'a,b'"],
    ["`c@d`@`10.0.0.%`", "other@'%' , \"c@d\"@10.0.0.%,last"],
    ["`e``f'g`@`%`", "`e``f'g`@`%`"],
    ["`plain`@`%`", "plain"],
  ])("reads the role %s, whatever its name holds, as one that is active and mandatory", async (role, mandatory) => {
    const { grants } = await readAccount(mysqlWithRole(role, mandatory).ask);
    expect(grants.roles).toEqual([{ name: role, admin: false, mandatory: true }]);
    expect(grants.held.find((one) => one.privilege === "INSERT")?.source).toEqual({ kind: "role", role, active: true });
  });

  it("sees views with all that the account has from its login on", async () => {
    const { ask, asked } = mysqlWithRole();
    await readAccount(ask);
    const place = (text: string) => asked.findIndex((sql) => sql.includes(text));
    expect(place("information_schema.VIEWS")).toBeGreaterThan(-1);
    expect(place("information_schema.VIEWS")).toBeLessThan(place("SET ROLE NONE"));
  });
});
