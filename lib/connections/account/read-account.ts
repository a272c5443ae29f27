import type { Dialect } from "@/lib/sql/token";
import { quoteAccount, quoteName } from "../restricted/names";
import type { AccountGrants } from "./grants";
import type { ViewSecurity } from "./need-context";
import { readGrants } from "./read-grants";

export interface ReadAccount {
  /** Who the server takes the login for, e.g. user `shop_app`, host `10.0.0.%`. */
  readonly user: string;
  readonly host: string;
  readonly serverVersion: string;
  readonly flavour: Dialect;
  readonly grants: AccountGrants;
  /** By `schema.view`, of the views that it sees. */
  readonly viewSecurity: ReadonlyMap<string, ViewSecurity>;
}

/** Runs one statement in the account's session and gives its rows as arrays. */
type Ask = (sql: string) => Promise<unknown[][]>;

/** Asks the server what the logged-in account may do. Changes nothing but the session. Rejects when the connection is lost or silent. */
export async function readAccount(ask: Ask): Promise<ReadAccount> {
  // SHOW GRANTS quotes names as these say.
  await ask("SET SESSION sql_mode = '', sql_quote_show_create = 1");
  const views = await ask("SELECT TABLE_SCHEMA, TABLE_NAME, SECURITY_TYPE FROM information_schema.VIEWS");
  const [who] = await ask("SELECT CURRENT_USER(), VERSION()");
  const [name, serverVersion] = [String(who?.[0] ?? ""), String(who?.[1] ?? "").slice(0, 80)];
  const at = name.lastIndexOf("@");
  const flavour: Dialect = /mariadb/iu.test(serverVersion) ? "mariadb" : "mysql";
  const account = quoteAccount(name.slice(0, at), name.slice(at + 1));
  const { own, ...roles } = flavour === "mariadb" ? await mariadbRoles(ask) : await mysqlRoles(ask, account);
  return {
    user: name.slice(0, at),
    host: name.slice(at + 1),
    serverVersion,
    flavour,
    grants: readGrants({ own, account, ...roles }),
    viewSecurity: new Map(
      views.map(([schema, view, security]) => [
        `${String(schema)}.${String(view)}`,
        String(security).toUpperCase() === "INVOKER" ? ("invoker" as const) : ("definer" as const),
      ]),
    ),
  };
}

interface Told {
  readonly own: readonly string[];
  readonly byRole: readonly { readonly role: string; readonly lines: readonly string[] }[];
  readonly activeRoles: readonly string[];
  readonly mandatoryRoles: readonly string[];
}

async function linesOf(ask: Ask, sql: string): Promise<readonly string[]> {
  return (await ask(sql)).map((row) => String(row[0]));
}

/** Roles of roles are applicable too, and each tells its own grants. */
async function mariadbRoles(ask: Ask): Promise<Told> {
  const own = await linesOf(ask, "SHOW GRANTS");
  const names = await linesOf(ask, "SELECT DISTINCT ROLE_NAME FROM information_schema.APPLICABLE_ROLES");
  const enabled = await linesOf(
    ask,
    "SELECT ROLE_NAME FROM information_schema.ENABLED_ROLES WHERE ROLE_NAME IS NOT NULL",
  );
  const byRole: { role: string; lines: readonly string[] }[] = [];
  for (const name of names) byRole.push(await grantsOfRole(ask, quoteName(name), `SHOW GRANTS FOR ${quoteName(name)}`));
  return { own, byRole, activeRoles: enabled.map(quoteName), mandatoryRoles: [] };
}

/**
 * SHOW GRANTS names what the active roles bring as if it were the account's own: only without a role it tells what can be taken from
 * it. USING a role shows what the account and the role have together, roles of roles included.
 */
async function mysqlRoles(ask: Ask, account: string): Promise<Told> {
  const together = await linesOf(ask, "SHOW GRANTS");
  const none = { byRole: [], activeRoles: [], mandatoryRoles: [] };
  const { roles } = readGrants({ own: together, account, ...none });
  if (roles.length === 0) return { own: together, ...none };
  const [row] = await ask("SELECT CURRENT_ROLE(), @@GLOBAL.mandatory_roles");
  await ask("SET ROLE NONE");
  const own = await linesOf(ask, "SHOW GRANTS");
  const byRole: { role: string; lines: readonly string[] }[] = [];
  for (const { name } of roles) {
    byRole.push(await grantsOfRole(ask, name, `SHOW GRANTS FOR CURRENT_USER() USING ${name}`));
  }
  return { own, byRole, activeRoles: roleList(row?.[0]), mandatoryRoles: roleList(row?.[1]) };
}

/** One role of a list with its comma: a name, and a host perhaps; each quoted in one of three ways or not. */
const LISTED_ROLE =
  /\s*(`(?:[^`]|``)*`|"(?:[^"]|"")*"|'(?:[^']|'')*'|[^\s,@`"']+)(?:\s*@\s*(`(?:[^`]|``)*`|"(?:[^"]|"")*"|'(?:[^']|'')*'|[^\s,@`"']+))?\s*(?:,|$)/suy;

/** The roles of CURRENT_ROLE() and mandatory_roles, quoted as in SHOW GRANTS; NONE is no role. */
function roleList(text: unknown): readonly string[] {
  const listed = String(text ?? "");
  if (listed === "NONE") return [];
  const roles: string[] = [];
  LISTED_ROLE.lastIndex = 0;
  for (let match = LISTED_ROLE.exec(listed); match !== null; match = LISTED_ROLE.exec(listed)) {
    const [, role = "", host = "%"] = match;
    roles.push(quoteAccount(unquoted(role), unquoted(host)));
  }
  return roles;
}

function unquoted(name: string): string {
  const quote = name[0] ?? "";
  return "`\"'".includes(quote) ? name.slice(1, -1).replaceAll(quote + quote, quote) : name;
}

/** A role whose grants the server does not show becomes a line that is told as not read. */
async function grantsOfRole(ask: Ask, role: string, sql: string): Promise<{ role: string; lines: readonly string[] }> {
  try {
    return { role, lines: await linesOf(ask, sql) };
  } catch (error) {
    if (!(error instanceof Error && "sqlState" in error)) throw error;
    return { role, lines: [`The server does not show what role ${role} may do`] };
  }
}
