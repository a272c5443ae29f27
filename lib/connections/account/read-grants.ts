import { readGrantLine } from "./grant-line";
import type { AccountGrants, GrantSource, HeldPrivilege, HeldRole } from "./grants";

export interface GrantLines {
  /** SHOW GRANTS of the account itself. MariaDB shows in it what its current role and PUBLIC have, too. */
  readonly own: readonly string[];
  /** By role, quoted as the server writes it: SHOW GRANTS FOR role (MariaDB), or SHOW GRANTS FOR the account USING role (MySQL). */
  readonly byRole: readonly { readonly role: string; readonly lines: readonly string[] }[];
  /** Those that are active after the login, quoted. */
  readonly activeRoles: readonly string[];
  /** The account, as the server quotes it. */
  readonly account: string;
  /** Roles that every account has, quoted. */
  readonly mandatoryRoles: readonly string[];
}

/** Reads all of SHOW GRANTS into one model. What can not be read is in `unread`. */
export function readGrants({ own, byRole, activeRoles, account, mandatoryRoles }: GrantLines): AccountGrants {
  const held = new Map<string, HeldPrivilege>();
  const withheld = new Map<string, HeldPrivilege>();
  const roles = new Map<string, HeldRole>();
  const proxies = new Set<string>();
  const unread = new Set<string>();
  const read = (line: string, given: GrantSource | null) => {
    const found = readGrantLine(line);
    if (found === null) {
      unread.add(withoutSecrets(line));
      return;
    }
    if (found.kind === "defaultRole") return;
    const source = given ?? sourceOf(found.grantee, account);
    switch (found.kind) {
      case "privileges": {
        const into = found.verb === "grant" ? held : withheld;
        const names = found.grantOption
          ? [...found.privileges, { name: "GRANT OPTION", columns: null }]
          : found.privileges;
        for (const { name, columns } of names) {
          if (name === "USAGE") continue;
          const privilege = name === "ALL" ? "ALL PRIVILEGES" : name;
          add(into, { privilege, scope: found.scope, columns, source });
        }
        break;
      }
      case "roles":
        // Roles of roles come with them.
        if (source.kind === "account") {
          for (const name of found.roles) {
            roles.set(name, { name, admin: found.admin, mandatory: mandatoryRoles.includes(name) });
          }
        }
        break;
      case "proxy":
        proxies.add(found.account);
        break;
      default:
        found satisfies never;
    }
  };
  for (const line of own) read(line, null);
  for (const { role, lines } of byRole) {
    const active = activeRoles.some((one) => sameParty(one, role));
    for (const line of lines) read(line, { kind: "role", role, active });
  }
  return {
    held: [...held.values()],
    withheld: [...withheld.values()],
    roles: [...roles.values()],
    proxies: [...proxies],
    unread: [...unread],
  };
}

/** The same privilege of the account itself comes first: seen through a role again, it is nothing new. */
function add(into: Map<string, HeldPrivilege>, one: HeldPrivilege): void {
  const key = JSON.stringify([one.privilege, one.scope, one.columns]);
  if (!into.has(key)) into.set(key, one);
}

function sourceOf(grantee: string, account: string): GrantSource {
  if (sameParty(grantee, account)) return { kind: "account" };
  return grantee.toUpperCase() === "PUBLIC" ? { kind: "public" } : { kind: "role", role: grantee, active: true };
}

const sameParty = (left: string, right: string) => left.replace(/[`'"]/gu, "") === right.replace(/[`'"]/gu, "");

/** Enough to find the line at the server; what stands in single quotes, and all about the login, is left out. */
function withoutSecrets(line: string): string {
  return line
    .replace(/\bIDENTIFIED\b.*$/su, "IDENTIFIED …")
    .replace(/'(?:[^'\\]|''|\\.)*'?/gsu, "'…'")
    .slice(0, 200);
}
