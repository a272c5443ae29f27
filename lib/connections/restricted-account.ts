import type { connections } from "@/lib/db/schema";
import { SallyportError } from "@/lib/errors/error";
import { sealRestrictedCredential } from "./credential";
import type { RestrictedChange } from "./input";
import { SAME_ACCOUNT } from "./model";

/** A connection's second account, without privileges on masked columns, as it is stored. */
export type RestrictedColumns = Pick<typeof connections.$inferSelect, "restrictedUser" | "sealedRestrictedPassword">;

interface Place {
  readonly host: string;
  readonly port: number;
  readonly restrictedUser: string | null;
}

/** Whether the restricted account's password has to be given: none is stored, or it would go to another server or account. */
export function needsRestrictedPassword(before: Place | null, after: Place): boolean {
  if (after.restrictedUser === null) return false;
  return (
    before === null ||
    before.restrictedUser !== after.restrictedUser ||
    before.host !== after.host ||
    before.port !== after.port
  );
}

/** The columns of an account with its password, or of none. */
export function restrictedColumns(
  connectionId: string,
  account: { readonly user: string; readonly password: string } | null,
): RestrictedColumns {
  if (account === null) return { restrictedUser: null, sealedRestrictedPassword: null };
  const { user, password } = account;
  return { restrictedUser: user, sealedRestrictedPassword: sealRestrictedCredential(connectionId, password) };
}

/** Refuses an account that is the main one: it would be no second opinion. */
export function refuseSameAccount(user: string, restricted: { readonly user: string } | null | undefined): void {
  if (restricted?.user !== user) return;
  throw new SallyportError("INVALID_INPUT", "The restricted account is the connection's own", {
    next: "Name an account that has no privileges on masked columns",
    problems: [{ path: "restricted.user", message: SAME_ACCOUNT }],
  });
}

/**
 * What a change does to the restricted account: its user afterwards, and the columns to write; `columns` null leaves them as they are.
 * INVALID_INPUT when it needs a password that was not given.
 */
export function changeRestricted(
  connectionId: string,
  before: Place,
  address: { readonly host: string; readonly port: number },
  change: RestrictedChange | null | undefined,
): { readonly restrictedUser: string | null; readonly columns: RestrictedColumns | null } {
  const restrictedUser = change === undefined ? before.restrictedUser : (change?.user ?? null);
  if (restrictedUser === null) {
    return { restrictedUser, columns: before.restrictedUser === null ? null : restrictedColumns(connectionId, null) };
  }
  if (change?.password !== undefined) {
    return {
      restrictedUser,
      columns: restrictedColumns(connectionId, { user: restrictedUser, password: change.password }),
    };
  }
  if (needsRestrictedPassword(before, { ...address, restrictedUser })) {
    throw new SallyportError("INVALID_INPUT", "The restricted account needs its password", {
      next: "Type the password of the restricted account, or remove the account",
      problems: [
        {
          path: "restricted.password",
          message: "give it: a stored password goes only to the server and account it was stored for",
        },
      ],
    });
  }
  return { restrictedUser, columns: null };
}
