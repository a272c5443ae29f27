import { type Difference, differences } from "@/lib/connections/differences";
import { needsRestrictedPassword } from "@/lib/connections/restricted-account";
import { needsPassword } from "@/lib/connections/update-connection";
import { passwordPlaceholder, restrictedPlaceholder } from "../export";
import type { ConnectionEntry } from "../file-schema";
import type { Change, ConnectionRow, Problem, ResolvedPassword, Stored, Wanted } from "./plan";

/** The columns that a file's connection sets. */
export type ConnectionValues = Pick<
  ConnectionRow,
  | "name"
  | "host"
  | "port"
  | "user"
  | "restrictedUser"
  | "tls"
  | "ca"
  | "schema"
  | "mode"
  | "limits"
  | "approvals"
  | "recording"
  | "catalogue"
>;

/** What the file's connections change. Passwords that are missing are added to `problems`. */
export function planConnections({ file, ...outside }: Wanted, stored: Stored, problems: Problem[]): Change[] {
  return file.connections.flatMap((entry, at): Change[] => {
    const row = stored.connections.find((one) => one.name === entry.name);
    const values = valuesOf(entry, outside.authorities[at] ?? null);
    const missing = (name: string, password: ResolvedPassword, account: Account): string | null => {
      if (password !== "keep stored") return password.text;
      const why = whyNeeded(row, values, account);
      if (why !== null) problems.push({ path: ["connections", at, ...PATHS[account]], message: why(name) });
      return null;
    };
    const password = missing(passwordPlaceholder(entry.name), outside.passwords[at] ?? "keep stored", "main");
    const restrictedPassword =
      values.restrictedUser === null
        ? null
        : missing(restrictedPlaceholder(entry.name), outside.restrictedPasswords[at] ?? "keep stored", "restricted");
    if (row === undefined) {
      return password === null ? [] : [{ kind: "create connection", values, password, restrictedPassword }];
    }
    const renewed = password !== null && !stored.passwordIs(row, password);
    const restrictedRenewed = restrictedPassword !== null && !stored.restrictedPasswordIs(row, restrictedPassword);
    return !renewed && !restrictedRenewed && changedFields(row, values).length === 0
      ? []
      : [
          {
            kind: "update connection",
            row,
            values,
            password: renewed ? password : null,
            restrictedPassword: restrictedRenewed ? restrictedPassword : null,
          },
        ];
  });
}

type Account = "main" | "restricted";
const PATHS: Readonly<Record<Account, readonly string[]>> = {
  main: ["password"],
  restricted: ["restricted", "password"],
};

/** Why the stored password of an account does not do, as a sentence about the variable to set; null when it does. */
function whyNeeded(
  row: ConnectionRow | undefined,
  values: ConnectionValues,
  account: Account,
): ((variable: string) => string) | null {
  if (row === undefined || (account === "restricted" && row.restrictedUser === null)) {
    return (variable) => `${variable} is not set, and nothing is stored yet`;
  }
  const needed = account === "main" ? needsPassword(row, values) : needsRestrictedPassword(row, values);
  return needed
    ? (variable) =>
        `set ${variable}: host, port or user change, and the stored password goes only to the account it was stored for`
    : null;
}

function valuesOf(entry: ConnectionEntry, ca: string | null): ConnectionValues {
  return only({ ...entry, ca, schema: entry.schema ?? null, restrictedUser: entry.restricted?.user ?? null });
}

/** In which fields the file differs from the stored row, named as in the file. */
export function changedFields(row: ConnectionRow, values: ConnectionValues): Difference[] {
  return differences(inFileWords(only(row)), inFileWords(values));
}

function only(from: ConnectionValues): ConnectionValues {
  const { name, host, port, user, restrictedUser, tls, ca, schema, mode, limits, approvals, recording, catalogue } =
    from;
  return { name, host, port, user, restrictedUser, tls, ca, schema, mode, limits, approvals, recording, catalogue };
}

const inFileWords = ({ restrictedUser, ...rest }: ConnectionValues) => ({
  ...rest,
  restricted: { user: restrictedUser },
});
