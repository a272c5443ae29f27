import { describe, expect, it } from "vitest";
import { grantsRole, privilegeWarnings, readGrant } from "./privileges";

const account = "'app'@'%'";
const warn = (...lines: string[]) => privilegeWarnings(lines, account);

describe("warnings about privileges", () => {
  it("has none for an account that reads and writes one schema", () => {
    expect(
      warn(
        "GRANT USAGE ON *.* TO `app`@`%` IDENTIFIED BY PASSWORD '*0123456789ABCDEF'",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON `shop`.* TO `app`@`%`",
      ),
    ).toEqual([]);
  });

  it.each(["SUPER", "FILE", "PROCESS", "CREATE USER", "SHUTDOWN"])("names %s and how to revoke it", (privilege) => {
    expect(warn(`GRANT SELECT, ${privilege} ON *.* TO \`app\`@\`%\``)).toEqual([
      expect.stringMatching(new RegExp(`^${privilege}: .* REVOKE ${privilege} ON \\*\\.\\* FROM 'app'@'%';$`)),
    ]);
  });

  it("warns of ALL PRIVILEGES and GRANT OPTION", () => {
    const found = warn(
      "GRANT ALL PRIVILEGES ON *.* TO `app`@`%` IDENTIFIED BY PASSWORD '*94BDCEBE19' WITH GRANT OPTION",
    );
    expect(found).toHaveLength(2);
    expect(found[0]).toContain("may do anything");
    expect(found[1]).toContain("GRANT OPTION");
    expect(found.join()).not.toContain("94BDCEBE19");
  });

  it("warns of ALL PRIVILEGES on one schema, and of the system schema", () => {
    expect(warn("GRANT ALL PRIVILEGES ON `shop`.* TO `app`@`%`")).toEqual([expect.stringContaining("DROP and ALTER")]);
    expect(warn("GRANT SELECT ON `mysql`.`user` TO `app`@`%`")).toEqual([expect.stringContaining("system schema")]);
  });

  it("says when an account may do nothing, and when roles hide what it may", () => {
    expect(warn("GRANT USAGE ON *.* TO `app`@`%`")).toEqual([expect.stringContaining("nothing else")]);
    expect(warn("GRANT USAGE ON *.* TO `app`@`%`", "GRANT `reader`@`%` TO `app`@`%`")).toEqual([
      expect.stringContaining("roles"),
    ]);
  });

  it("reads grants on single columns", () => {
    expect(readGrant("GRANT SELECT (`id`, `a),b`), UPDATE (`name`) ON `shop`.`customers` TO `app`@`%`")).toEqual({
      privileges: ["SELECT", "UPDATE"],
      scope: "`shop`.`customers`",
      grantee: "`app`@`%`",
      grantOption: false,
    });
  });

  it("reads whom a privilege is granted to", () => {
    expect(readGrant("GRANT SELECT ON `shop`.`orders` TO PUBLIC")?.grantee).toBe("PUBLIC");
    expect(readGrant("GRANT SELECT ON `shop`.`orders` TO `reader`")?.grantee).toBe("`reader`");
    expect(readGrant("GRANT ALL PRIVILEGES ON *.* TO 'app'@'10.%' IDENTIFIED BY PASSWORD '*9'")?.grantee).toBe(
      "'app'@'10.%'",
    );
  });

  it("tells a role from a privilege, whatever the role is called", () => {
    expect(grantsRole("GRANT `read ON shop`@`%` TO `app`@`%`")).toBe(true);
    expect(grantsRole("GRANT SELECT ON `shop`.* TO `app`@`%`")).toBe(false);
  });
});
