import { describe, expect, it } from "vitest";
import { type ExcessContext, excessOf, lackOf } from "./excess";
import type { AccountGrants } from "./grants";
import { type Need, NeedCollector, type NeedItem } from "./need";
import { readGrants } from "./read-grants";
import { type AccountScriptInput, minimalScript } from "./script";

const ACCOUNT = "`app`@`%`";
const held = (own: readonly string[], more: object = {}): AccountGrants =>
  readGrants({ own, byRole: [], activeRoles: [], mandatoryRoles: [], account: ACCOUNT, ...more });

/** SELECT (id, name) on people, UPDATE (status) and SELECT on orders, of `shop_eu`. */
function need(): Need {
  const into = new NeedCollector();
  const on = (table: string) => ({ kind: "table", schema: "shop_eu", table }) as const;
  into.add("SELECT", { scope: on("people"), because: 'rule "read" of p', columns: ["name", "id"] });
  into.add("SELECT", { scope: on("orders"), because: 'rule "orders" of p' });
  into.add("UPDATE", { scope: on("orders"), because: 'rule "pay" of p', columns: ["status"] });
  into.add("DELETE", { scope: on("orders"), because: 'rule "rare" of p', rare: true });
  into.note("a note\nwith a line break");
  return into.finish();
}
const ITEMS: readonly NeedItem[] = need().items.filter((one) => !one.rare);

const CONTEXT: ExcessContext = {
  isMasked: ({ column }) => column === "ssn",
  columnsOf: (_, table) => (table === "people" ? ["id", "name", "ssn"] : ["id", "status"]),
  tables: ["people", "orders"].map((table) => ({ schema: "shop_eu", table })),
  schemas: ["shop_eu", "crm"],
};
const told = (grants: AccountGrants) =>
  excessOf(grants, ITEMS, CONTEXT).map((one) => `${one.level}: ${one.what} on ${one.where}: ${one.words}`);

describe("what an account has beyond the need", () => {
  it("says of a name with a wildcard that it opens other schemas too", () => {
    const wild = "every schema whose name fits is open";
    const words = (line: string, ...more: readonly string[]) => told(held([line, ...more])).at(-1);
    expect(words("GRANT DELETE ON `shop_eu`.* TO `app`@`%`")).toContain(wild);
    expect(words("GRANT DELETE ON `shop\\_eu`.* TO `app`@`%`")).not.toContain(wild);
    // With partial revokes the server takes it as it stands.
    const partial = ["GRANT SELECT ON *.* TO `app`@`%`", "REVOKE SELECT ON `crm`.* FROM `app`@`%`"];
    expect(told(held(["GRANT DELETE ON `shop_eu`.* TO `app`@`%`", ...partial])).join()).not.toContain(wild);
  });

  it("is nothing when it has the need", () => {
    const exact = [
      "GRANT SELECT (`id`, `name`) ON `shop_eu`.`people` TO `app`@`%`",
      "GRANT SELECT, UPDATE (`status`) ON `shop_eu`.`orders` TO `app`@`%`",
    ];
    expect(told(held(exact))).toEqual([]);
    expect(lackOf(held(exact), ITEMS)).toEqual([]);
    // Less is no excess, and the column that is missing is named.
    const less = held([exact[0]?.replace(", `name`", "") ?? "", exact[1] ?? ""]);
    expect(told(less)).toEqual([]);
    expect(lackOf(less, ITEMS)).toEqual([
      { what: "SELECT (name)", where: "shop_eu.people", because: ['rule "read" of p'] },
    ]);
  });

  it.each([
    ["GRANT ALL PRIVILEGES ON *.* TO `app`@`%`", "critical: ALL PRIVILEGES on everything", "may do anything"],
    ["GRANT FILE ON *.* TO `app`@`%`", "critical: FILE on everything", "read and write files on the server"],
    ["GRANT PROCESS ON *.* TO `app`@`%`", "high: PROCESS on everything", "statements of every other session"],
    [
      "GRANT SELECT ON *.* TO `app`@`%`",
      "critical: SELECT on everything",
      "the server's own with its accounts included",
    ],
    ["GRANT CONNECTION_ADMIN ON *.* TO `app`@`%`", "high: CONNECTION_ADMIN", "kill sessions"],
    ["GRANT NEW_THING_ADMIN ON *.* TO `app`@`%`", "high: NEW_THING_ADMIN", "a plugin of it"],
    ["GRANT INSERT ON `mysql`.`user` TO `app`@`%`", "critical: INSERT on mysql.user", "password hashes"],
    ["GRANT SELECT ON `m%`.* TO `app`@`%`", "critical: SELECT on m%.*", "password hashes"],
    ["GRANT SELECT ON `crm`.* TO `app`@`%`", "medium: SELECT on crm.*", "of which no policy needs anything"],
    ["GRANT SELECT ON `shop\\_eu`.* TO `app`@`%`", "high: SELECT on shop_eu.*", "masked columns (people.ssn)"],
    [
      "GRANT SELECT ON `shop_eu`.`people` TO `app`@`%`",
      "high: SELECT on shop_eu.people",
      "masked columns (people.ssn)",
    ],
    [
      "GRANT SELECT (`ssn`) ON `shop_eu`.`people` TO `app`@`%`",
      "high: SELECT (ssn) on shop_eu.people",
      "who holds the password",
    ],
    ["GRANT EXECUTE ON `shop_eu`.* TO `app`@`%`", "high: EXECUTE on shop_eu.*", "whatever their definer may"],
    [
      "GRANT USAGE ON `shop_eu`.* TO `app`@`%` WITH GRANT OPTION",
      "critical: GRANT OPTION on shop_eu.*",
      "pass its privileges on",
    ],
    ["GRANT PROXY ON `root`@`%` TO `app`@`%`", "critical: PROXY on `root`@`%`", "act as another account"],
    ["GRANT `r`@`%` TO `app`@`%` WITH ADMIN OPTION", "critical: `r`@`%` on with ADMIN OPTION", "give this role"],
  ])("tells the danger of %s", (line, what, words) => {
    const [first, ...more] = told(held([line]));
    expect(first).toContain(what);
    expect(first).toContain(words);
    expect(more).toEqual([]);
  });

  it("comes worst first", () => {
    const lines = ["GRANT SHOW DATABASES, SELECT, FILE, PROCESS ON *.* TO `app`@`%`"];
    const levels = excessOf(held(lines), ITEMS, CONTEXT).map((one) => one.level);
    expect(levels).toEqual(["critical", "critical", "high", "low"]);
  });

  it("knows what a partial revoke takes back, and that wildcards are letters then", () => {
    const grants = held(["GRANT SELECT ON *.* TO `app`@`%`", "REVOKE SELECT ON `shop_eu`.* FROM `app`@`%`"]);
    expect(lackOf(grants, ITEMS).map((one) => one.what)).toEqual(["SELECT", "UPDATE (status)", "SELECT (id, name)"]);
    expect(lackOf(held(["GRANT ALL PRIVILEGES ON `shop%`.* TO `app`@`%`"]), ITEMS)).toEqual([]);
  });

  it("counts an inactive role as too much, not as what is there", () => {
    const byRole = [{ role: "`r`@`%`", lines: ["GRANT ALL PRIVILEGES ON `shop_eu`.* TO `r`@`%`"] }];
    const inactive = held(["GRANT `r`@`%` TO `app`@`%`"], { byRole });
    expect(told(inactive)).toHaveLength(1);
    expect(lackOf(inactive, ITEMS)).toHaveLength(3);
    expect(lackOf(held(["GRANT `r`@`%` TO `app`@`%`"], { byRole, activeRoles: ["`r`@`%`"] }), ITEMS)).toEqual([]);
  });
});

describe("the script", () => {
  const script = (more: Partial<AccountScriptInput> = {}) =>
    minimalScript({
      need: need(),
      grants: held([]),
      flavour: "mysql",
      account: { user: "app", host: "%" },
      mode: "new",
      rareForms: false,
      requireTls: true,
      madeFrom: { connection: "shop", policies: ["p", "q"], revision: 7, at: "2026-01-02T03:04:05.000Z" },
      ...more,
    });
  const statements = (text: string) => text.split("\n").filter((line) => line !== "" && !line.startsWith("--"));

  it("makes a new account with a place for the password, TLS and the grants by table", () => {
    expect(statements(script())).toEqual([
      "CREATE USER `app`@`%` IDENTIFIED BY /* 'a long random password' */ REQUIRE SSL;",
      "GRANT SELECT, UPDATE (`status`) ON `shop_eu`.`orders` TO `app`@`%`;",
      "GRANT SELECT (`id`, `name`) ON `shop_eu`.`people` TO `app`@`%`;",
    ]);
    expect(script()).toContain("Made 2026-01-02T03:04:05.000Z from revision 7: p, q. For MySQL 8 and 9.");
    expect(script()).toContain('-- For rule "orders" of p, rule "pay" of p');
    expect(script()).toBe(script());
  });

  it("asks for TLS only where the connection always has it, and takes rarer forms in when told", () => {
    expect(script({ requireTls: false })).not.toContain("REQUIRE SSL");
    expect(script({ rareForms: true })).toContain("GRANT DELETE, SELECT, UPDATE (`status`) ON `shop_eu`.`orders`");
  });

  it("takes away what is too much before it grants what is missing", () => {
    const grants = held(
      [
        "GRANT FILE, SELECT ON *.* TO `app`@`%`",
        "GRANT ALL PRIVILEGES ON `shop\\_eu`.* TO `app`@`%` WITH GRANT OPTION",
        "GRANT SELECT (`id`, `ssn`), DELETE ON `shop_eu`.`people` TO `app`@`%`",
        "GRANT EXECUTE ON PROCEDURE `shop_eu`.`odd``name` TO `app`@`%`",
        "GRANT `boss`@`%`,`all`@`%` TO `app`@`%`",
        "GRANT PROXY ON `root`@`%` TO `app`@`%`",
        "GRANT INSERT ON `crm`.* TO PUBLIC",
      ],
      {
        byRole: [
          { role: "`boss`@`%`", lines: ["GRANT DROP ON `shop_eu`.* TO `boss`@`%`"] },
          { role: "`all`@`%`", lines: ["GRANT DROP ON `crm`.* TO `all`@`%`"] },
        ],
        mandatoryRoles: ["`all`@`%`"],
      },
    );
    const text = script({ grants, mode: "change" });
    expect(statements(text)).toEqual([
      "REVOKE FILE, SELECT ON *.* FROM `app`@`%`;",
      "REVOKE EXECUTE ON PROCEDURE `shop_eu`.`odd``name` FROM `app`@`%`;",
      "REVOKE ALL PRIVILEGES ON `shop\\_eu`.* FROM `app`@`%`;",
      "REVOKE GRANT OPTION ON `shop\\_eu`.* FROM `app`@`%`;",
      "REVOKE DELETE, SELECT (`ssn`) ON `shop_eu`.`people` FROM `app`@`%`;",
      "GRANT SELECT, UPDATE (`status`) ON `shop_eu`.`orders` TO `app`@`%`;",
      "GRANT SELECT (`id`, `name`) ON `shop_eu`.`people` TO `app`@`%`;",
      // The server may refuse these two: a client that stops at an error has run all others by then.
      "REVOKE PROXY ON `root`@`%` FROM `app`@`%`;",
      "REVOKE `boss`@`%` FROM `app`@`%`;",
    ]);
    const byRole = /error 1698[^\n]*\nREVOKE `boss`/u;
    expect(text).not.toMatch(byRole);
    expect(script({ grants, mode: "change", flavour: "mariadb" })).toMatch(byRole);
    expect(text).toContain("-- REVOKE INSERT ON `crm`.* FROM PUBLIC;");
    expect(text).toContain("mandatory_roles");
  });

  it("says so when there is nothing to change", () => {
    const grants = held([
      "GRANT SELECT (`id`, `name`) ON `shop_eu`.`people` TO `app`@`%`",
      "GRANT SELECT, UPDATE (`status`) ON `shop_eu`.`orders` TO `app`@`%`",
    ]);
    expect(statements(script({ grants, mode: "change" }))).toEqual([]);
    expect(script({ grants, mode: "change" })).toContain("Nothing to change");
  });

  it("escapes wildcards in the names of schemas, and leaves out names that would end a line", () => {
    const into = new NeedCollector();
    into.add("CREATE", { scope: { kind: "schema", schema: "shop_eu%" }, because: "x" });
    into.add("SELECT", { scope: { kind: "table", schema: "s", table: "a\nDROP TABLE b" }, because: "x" });
    const lines = script({ need: into.finish() }).split("\n");
    expect(lines).toContain("GRANT CREATE ON `shop\\_eu\\%`.* TO `app`@`%`;");
    expect(lines.filter((line) => line.includes("DROP TABLE b")).every((line) => line.startsWith("--"))).toBe(true);
    expect(() => script({ account: { user: "a\nb", host: "%" } })).toThrow(RangeError);
  });
});
