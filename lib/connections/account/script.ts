import type { Dialect } from "@/lib/sql/token";
import { breaksLines, inComment, PASSWORD_PLACEHOLDER, quoteAccount, quoteName } from "../restricted/names";
import { missingOf } from "./coverage";
import { type Beyond, beyondNeed } from "./excess";
import type { AccountGrants, HeldPrivilege } from "./grants";
import { type Need, type NeedItem, needFor, scopeKey } from "./need";
import { sqlScope } from "./scope-text";

export interface AccountScriptInput {
  readonly need: Need;
  /** Of the stored account. */
  readonly grants: AccountGrants;
  readonly flavour: Dialect;
  readonly account: { readonly user: string; readonly host: string };
  /** new: an account of its own, beside the stored one. change: the stored one becomes what it has to be. */
  readonly mode: "new" | "change";
  /** Also what only rarer forms of allowed statements need. */
  readonly rareForms: boolean;
  /** The new account may log in with TLS only. */
  readonly requireTls: boolean;
  readonly madeFrom: {
    readonly connection: string;
    readonly policies: readonly string[];
    /** The published state that the policies are of; null: none was published yet. */
    readonly revision: number | null;
    /** ISO 8601. */
    readonly at: string;
  };
}

/**
 * The SQL that leaves the account what the policies can need. For an administrator to review and run; the same input gives the same
 * text. It holds no password.
 */
export function minimalScript(input: AccountScriptInput): string {
  const { user, host } = input.account;
  const account = quoteAccount(user, host);
  if (breaksLines(account)) throw new RangeError("an account with a control character in its name");
  const items = needFor(input.need, input.rareForms);
  const blocks =
    input.mode === "new"
      ? [heading(input), creation(input, account), grantBlock(items, account)]
      : [heading(input), ...changes(input, items, account)];
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join("\n"))
    .join("\n\n")}\n`;
}

const comment = (text: string) => `-- ${inComment(text)}`;
const MAX_NAMED = 4;

function listed(names: readonly string[]): string {
  const shown = names.slice(0, MAX_NAMED).join(", ");
  return names.length > MAX_NAMED ? `${shown} and ${names.length - MAX_NAMED} more` : shown;
}

function heading({ madeFrom, mode, flavour, need, rareForms }: AccountScriptInput): readonly string[] {
  const { connection, policies, revision, at } = madeFrom;
  const server = flavour === "mysql" ? "MySQL 8 and 9" : "MariaDB 10.6 and later";
  const state = revision === null ? "no revision yet" : `revision ${revision}`;
  return [
    comment(
      mode === "new"
        ? `A new account for the Sallyport connection ${connection}, with what its policies can need and no more.`
        : `Takes from the account of the Sallyport connection ${connection} what its policies can not need.`,
    ),
    comment(`Made ${at} from ${state}: ${policies.length === 0 ? "no policies" : listed(policies)}. For ${server}.`),
    comment("Review it and run it as an administrator of the server; Sallyport never runs it. Make a new one when"),
    comment("policies, tables or views change: nothing here covers tables and columns that come later."),
    ...(rareForms ? [] : [comment("Without rarer forms: CREATE TABLE ... SELECT, OR REPLACE, ALTER ... RENAME fail.")]),
    ...need.notes.map((note) => comment(`Note: ${note}`)),
  ];
}

function creation({ flavour, requireTls }: AccountScriptInput, account: string): readonly string[] {
  return [
    comment("Put a long random password in quotes in the place of the comment; without one this is an error."),
    ...(flavour === "mysql"
      ? [comment("IDENTIFIED BY RANDOM PASSWORD (8.0.18 and later) lets the server choose one and shows it once.")]
      : []),
    ...(requireTls
      ? [comment("The connection always uses TLS, so the server need not take this account without.")]
      : []),
    `CREATE USER ${account} IDENTIFIED BY ${PASSWORD_PLACEHOLDER}${requireTls ? " REQUIRE SSL" : ""};`,
    comment("Afterwards set user and password of the connection, test it, and drop the old account."),
  ];
}

/** One statement per scope, each with the rules that need it. */
function grantBlock(items: readonly NeedItem[], account: string): readonly string[] {
  if (items.length === 0) return [comment("No rule needs a privilege: the account may log in and nothing else.")];
  const byScope = new Map<string, NeedItem[]>();
  for (const item of items) {
    const key = scopeKey(item.scope);
    byScope.set(key, [...(byScope.get(key) ?? []), item]);
  }
  return [...byScope.values()].flatMap((group): readonly string[] => {
    const [first] = group;
    if (first === undefined) return [];
    const because = comment(`For ${listed([...new Set(group.flatMap((item) => item.because))].sort())}`);
    const on = sqlScope(first.scope);
    const privileges = group.map((item) => privilegeText(item.privilege, item.columns)).join(", ");
    if (breaksLines(on) || breaksLines(privileges)) {
      return [because, comment(`Left out: a name in ${on} holds a control character.`)];
    }
    return [because, `GRANT ${privileges} ON ${on} TO ${account};`];
  });
}

function privilegeText(privilege: string, columns: readonly string[] | null): string {
  return columns === null ? privilege : `${privilege} (${columns.map(quoteName).join(", ")})`;
}

function changes(
  input: AccountScriptInput,
  items: readonly NeedItem[],
  account: string,
): readonly (readonly string[])[] {
  const { grants } = input;
  const beyond = beyondNeed(grants, items);
  const roles = rolesToRevoke(grants, beyond);
  const own = beyond.filter(({ one }) => one.source.kind === "account");
  const touched = new Set(own.map(({ one }) => sqlScope(one.scope)));
  const kept = grants.held.filter((one) => stays(one, roles, own));
  const missing = items.filter((item) => {
    // Revoking on a table may take its column grants along: what is needed there is granted again.
    if (item.scope.kind === "table" && touched.has(sqlScope(item.scope))) return true;
    return missingOf(item, kept, grants) !== null;
  });
  const blocks = [
    publicBlock(beyond),
    revokeBlock(own, account),
    missing.length === 0
      ? []
      : [comment("What is needed and not there, or was taken with the rest:"), ...grantBlock(missing, account)],
    // The server may refuse these to an administrator: a client that stops at the first error has run all others by then.
    proxyBlock(grants, account),
    roleBlock(grants, roles, input.flavour, account),
  ];
  return blocks.every((block) => block.length === 0)
    ? [[comment("Nothing to change: the account has what the policies can need and no more.")]]
    : [
        [
          comment("Between the REVOKEs and the GRANTs statements of agents fail for a moment."),
          comment("Sessions that are open keep some privileges until they log in again."),
        ],
        ...blocks,
      ];
}

/** Roles that bring something beyond the need, or may be passed on. */
function rolesToRevoke(grants: AccountGrants, beyond: readonly Beyond[]): ReadonlySet<string> {
  const bringing = beyond.flatMap(({ one }) => (one.source.kind === "role" ? [one.source.role] : []));
  const passing = grants.roles.filter((role) => role.admin).map((role) => role.name);
  // What a role has through another one is seen under that one's name: then the whole chain goes.
  const direct = new Set(grants.roles.map((role) => role.name));
  return bringing.some((role) => !direct.has(role)) ? direct : new Set([...bringing, ...passing]);
}

function stays(one: HeldPrivilege, roles: ReadonlySet<string>, own: readonly Beyond[]): boolean {
  switch (one.source.kind) {
    case "account":
      return !own.some((beyond) => beyond.one === one);
    case "role":
      return one.source.active && !roles.has(one.source.role);
    case "public":
      return true;
    default:
      return one.source satisfies never;
  }
}

function roleBlock(
  grants: AccountGrants,
  roles: ReadonlySet<string>,
  flavour: Dialect,
  account: string,
): readonly string[] {
  const found = grants.roles.filter((role) => roles.has(role.name) && !breaksLines(role.name));
  if (found.length === 0) return [];
  return [
    comment("Roles that bring more than is needed. What of them is needed was granted above."),
    ...(flavour === "mariadb"
      ? [
          comment(
            "MariaDB lets only those take a role back who may give it: its creator, or who has it WITH ADMIN OPTION.",
          ),
          comment("Others get error 1698: run what is left of these lines as one of them."),
        ]
      : []),
    ...found.map((role) =>
      role.mandatory
        ? comment(`${role.name} is one of the server's mandatory_roles: take it out there, every account has it.`)
        : `REVOKE ${role.name} FROM ${account};`,
    ),
  ];
}

function proxyBlock(grants: AccountGrants, account: string): readonly string[] {
  const proxies = grants.proxies.filter((one) => !breaksLines(one));
  if (proxies.length === 0) return [];
  return [
    comment(
      "Accounts that it may act as. Only who has PROXY on such a one WITH GRANT OPTION, as root has, may take it back:",
    ),
    comment("others get error 1698."),
    ...proxies.map((one) => `REVOKE PROXY ON ${one} FROM ${account};`),
  ];
}

function publicBlock(beyond: readonly Beyond[]): readonly string[] {
  const found = beyond.filter(({ one }) => one.source.kind === "public");
  if (found.length === 0) return [];
  return [
    comment(
      "What everybody has through PUBLIC, beyond the need. Taking it back changes other accounts: decide by hand.",
    ),
    ...revokes(found, "PUBLIC").map(comment),
  ];
}

function revokeBlock(own: readonly Beyond[], account: string): readonly string[] {
  if (own.length === 0) return [];
  return [comment("What no policy can need."), ...revokes(own, account)];
}

function revokes(beyond: readonly Beyond[], from: string): readonly string[] {
  const byScope = new Map<string, string[]>();
  for (const { one, columns } of beyond) {
    const on = sqlScope(one.scope);
    byScope.set(on, [...(byScope.get(on) ?? []), privilegeText(one.privilege, columns)]);
  }
  return [...byScope]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .flatMap(([on, privileges]) => {
      if (breaksLines(on) || privileges.some(breaksLines)) {
        return [comment(`Left out: a name in ${on} holds a control character.`)];
      }
      // ALL PRIVILEGES stands alone in a REVOKE.
      const all = privileges.filter((one) => one === "ALL PRIVILEGES");
      const rest = privileges.filter((one) => one !== "ALL PRIVILEGES").sort();
      return [...all, ...(rest.length === 0 ? [] : [rest.join(", ")])].map(
        (text) => `REVOKE ${text} ON ${on} FROM ${from};`,
      );
    });
}
