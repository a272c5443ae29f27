import { describe, expect, it } from "vitest";
import { readGrantLine } from "./grant-line";
import { readGrants } from "./read-grants";

const table = (schema: string, name: string) => ({ kind: "table", schema, table: name });

/** Formats of the MySQL 8.4 and 9 manual, "SHOW GRANTS Statement" and "GRANT Statement", and of MariaDB 10.11. */
const PRIVILEGES: readonly (readonly [
  line: string,
  privileges: readonly unknown[],
  scope: unknown,
  option: boolean,
])[] = [
  ["GRANT USAGE ON *.* TO `app`@`%`", [["USAGE", null]], { kind: "global" }, false],
  [
    "GRANT ALL PRIVILEGES ON *.* TO 'root'@'localhost' WITH GRANT OPTION",
    [["ALL PRIVILEGES", null]],
    { kind: "global" },
    true,
  ],
  [
    "GRANT SELECT, INSERT, CREATE TEMPORARY TABLES, REPLICATION SLAVE ON *.* TO `root`@`localhost` WITH GRANT OPTION",
    [
      ["SELECT", null],
      ["INSERT", null],
      ["CREATE TEMPORARY TABLES", null],
      ["REPLICATION SLAVE", null],
    ],
    { kind: "global" },
    true,
  ],
  [
    "GRANT BACKUP_ADMIN,SET_ANY_DEFINER,XA_RECOVER_ADMIN ON *.* TO `root`@`localhost`",
    [
      ["BACKUP_ADMIN", null],
      ["SET_ANY_DEFINER", null],
      ["XA_RECOVER_ADMIN", null],
    ],
    { kind: "global" },
    false,
  ],
  [
    "GRANT SELECT ON `shop\\_%`.* TO `app`@`10.0.0.%`",
    [["SELECT", null]],
    { kind: "schema", pattern: "shop\\_%" },
    false,
  ],
  ["GRANT SELECT ON `shop`.`order items` TO `app`@`%`", [["SELECT", null]], table("shop", "order items"), false],
  ["GRANT SELECT ON `a``b`.`c.d` TO `app`@`%`", [["SELECT", null]], table("a`b", "c.d"), false],
  [
    "GRANT SELECT (`id`, `na,me)`), INSERT, UPDATE (`status`) ON `shop`.`orders` TO `app`@`%`",
    [
      ["SELECT", ["id", "na,me)"]],
      ["INSERT", null],
      ["UPDATE", ["status"]],
    ],
    table("shop", "orders"),
    false,
  ],
  [
    "GRANT EXECUTE, ALTER ROUTINE ON PROCEDURE `shop`.`clean up` TO `app`@`%`",
    [
      ["EXECUTE", null],
      ["ALTER ROUTINE", null],
    ],
    { kind: "routine", type: "PROCEDURE", schema: "shop", name: "clean up" },
    false,
  ],
  [
    "GRANT EXECUTE ON PACKAGE BODY `shop`.`tools` TO `app`@`%`",
    [["EXECUTE", null]],
    { kind: "routine", type: "PACKAGE BODY", schema: "shop", name: "tools" },
    false,
  ],
  [
    "GRANT SELECT ON *.* TO `app`@`%` IDENTIFIED BY PASSWORD '*94BDCEBE19083CE2A1F959FD02F964C7AF4CFC29' REQUIRE SSL WITH MAX_QUERIES_PER_HOUR 90",
    [["SELECT", null]],
    { kind: "global" },
    false,
  ],
  [
    "GRANT SELECT ON *.* TO `app`@`%` IDENTIFIED VIA ed25519 USING 'ZIgUREUg5P' OR unix_socket WITH GRANT OPTION MAX_USER_CONNECTIONS 9",
    [["SELECT", null]],
    { kind: "global" },
    true,
  ],
  ["GRANT SELECT ON `shop`.`to on from` TO PUBLIC", [["SELECT", null]], table("shop", "to on from"), false],
];

describe("a line of SHOW GRANTS", () => {
  it.each(PRIVILEGES)("is read: %s", (line, privileges, scope, grantOption) => {
    expect(readGrantLine(line)).toMatchObject({
      kind: "privileges",
      verb: "grant",
      privileges: privileges.map((one) => (Array.isArray(one) ? { name: one[0], columns: one[1] } : one)),
      scope,
      grantOption,
    });
  });

  it("tells partial revokes, roles, PROXY and default roles apart", () => {
    expect(readGrantLine("REVOKE INSERT, UPDATE ON `mysql`.* FROM `u1`@`%`")).toMatchObject({
      kind: "privileges",
      verb: "revoke",
      scope: { kind: "schema", pattern: "mysql" },
    });
    expect(readGrantLine("GRANT `app_read`@`%`,`app on write`@`%` TO `u1`@`localhost` WITH ADMIN OPTION")).toEqual({
      kind: "roles",
      roles: ["`app_read`@`%`", "`app on write`@`%`"],
      grantee: "`u1`@`localhost`",
      admin: true,
    });
    expect(readGrantLine("GRANT `journalist` TO `berengar`@`localhost`")).toMatchObject({
      roles: ["`journalist`"],
      admin: false,
    });
    expect(readGrantLine("GRANT PROXY ON ``@`` TO `root`@`localhost` WITH GRANT OPTION")).toMatchObject({
      kind: "proxy",
      account: "``@``",
    });
    expect(readGrantLine("SET DEFAULT ROLE `rr` FOR `m`@`127.0.0.1`")).toEqual({ kind: "defaultRole" });
  });

  it.each([
    "GRANT SELECT ON shop TO `app`@`%`",
    "GRANT SELECT (`a` ON `shop`.`t` TO `app`@`%`",
    "GRANT SELECT ON `shop`.`t` TO `app`@`%` AND MORE",
    "GRANT SELECT ON WAREHOUSE `a`.`b` TO `app`@`%`",
    "REVOKE ALL FROM x; DROP",
    "",
    "GRANT",
  ])("is null when it is nothing known: %s", (line) => {
    expect(readGrantLine(line)).toBeNull();
  });
});

describe("all lines of SHOW GRANTS", () => {
  const lines = (own: readonly string[], more: object = {}) =>
    readGrants({ own, byRole: [], activeRoles: [], mandatoryRoles: [], account: "`app`@`%`", ...more });

  it("keep what can not be read, without hashes or anything else in quotes", () => {
    const { unread } = lines(["GRANT SELECT ON SHELF `a`.`b` TO 'app'@'%' IDENTIFIED BY PASSWORD '*94BDCEBE'"]);
    expect(unread).toEqual(["GRANT SELECT ON SHELF `a`.`b` TO '…'@'…' IDENTIFIED …"]);
  });

  it("say from where a privilege comes: the account, a role, or PUBLIC", () => {
    const { held, roles } = lines(
      [
        "GRANT `r`@`%`,`m`@`%` TO `app`@`%`",
        "GRANT SELECT ON `shop`.* TO `app`@`%`",
        "GRANT DELETE ON `shop`.* TO `r`",
        "GRANT INSERT ON `shop`.* TO PUBLIC",
      ],
      {
        byRole: [
          { role: "`r2`@`%`", lines: ["GRANT SELECT ON `shop`.* TO `app`@`%`", "GRANT FILE ON *.* TO `app`@`%`"] },
        ],
        mandatoryRoles: ["`m`@`%`"],
      },
    );
    expect(held.map((one) => [one.privilege, one.source])).toEqual([
      ["SELECT", { kind: "account" }],
      ["DELETE", { kind: "role", role: "`r`", active: true }],
      ["INSERT", { kind: "public" }],
      ["FILE", { kind: "role", role: "`r2`@`%`", active: false }],
    ]);
    expect(roles.map((one) => [one.name, one.mandatory])).toEqual([
      ["`r`@`%`", false],
      ["`m`@`%`", true],
    ]);
  });

  it("make GRANT OPTION a privilege of its own", () => {
    const { held } = lines(["GRANT USAGE ON `shop`.* TO `app`@`%` WITH GRANT OPTION"]);
    expect(held.map((one) => one.privilege)).toEqual(["GRANT OPTION"]);
  });
});
