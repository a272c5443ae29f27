/** What an upstream account holds, as SHOW GRANTS tells it. Plain data without password hashes: it goes to the browser. */

export type GrantScope =
  | { readonly kind: "global" }
  /** `pattern` as the server keeps it: `%` and `_` are wildcards unless a backslash stands before them. */
  | { readonly kind: "schema"; readonly pattern: string }
  | { readonly kind: "table"; readonly schema: string; readonly table: string }
  | { readonly kind: "routine"; readonly type: RoutineType; readonly schema: string; readonly name: string };

/** As GRANT writes it. MariaDB has packages too. */
export type RoutineType = "PROCEDURE" | "FUNCTION" | "PACKAGE" | "PACKAGE BODY";

/** From where the account has a privilege. Only what is its own can be taken from it alone. */
export type GrantSource =
  | { readonly kind: "account" }
  /** `active`: from the login on. Another role the account may take with SET ROLE, which the gateway lets nobody do. */
  | { readonly kind: "role"; readonly role: string; readonly active: boolean }
  /** MariaDB 10.11: what everybody has. */
  | { readonly kind: "public" };

export interface HeldPrivilege {
  /** Upper case, e.g. `SELECT`, `ALL PRIVILEGES`, `BACKUP_ADMIN`, `GRANT OPTION`. */
  readonly privilege: string;
  readonly scope: GrantScope;
  /** Null: not limited to columns. */
  readonly columns: readonly string[] | null;
  readonly source: GrantSource;
}

export interface HeldRole {
  /** Quoted as SQL takes it, e.g. `` `app_read`@`%` ``, or `` `app_read` `` on MariaDB. */
  readonly name: string;
  /** It may give the role to others. */
  readonly admin: boolean;
  /** Every account has it by the server's settings (MySQL, mandatory_roles): it can not be revoked. */
  readonly mandatory: boolean;
}

export interface AccountGrants {
  readonly held: readonly HeldPrivilege[];
  /** Partial revokes (MySQL): taken out of global privileges again. */
  readonly withheld: readonly HeldPrivilege[];
  readonly roles: readonly HeldRole[];
  /** Accounts it may act as, quoted. */
  readonly proxies: readonly string[];
  /** Lines that could not be read, without anything in quotes that could be a secret. */
  readonly unread: readonly string[];
}
