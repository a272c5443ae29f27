/** Names in SQL and in its comments. Back-quotes mean the same under every sql_mode; names come from the upstream and may hold anything. */

/** A name in back-quotes, e.g. `` `my table` ``. */
export function quoteName(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``;
}

/** A table with its schema. */
export function quoteTable(table: { readonly schema: string; readonly name: string }): string {
  return `${quoteName(table.schema)}.${quoteName(table.name)}`;
}

/** A schema as the scope of a grant, where `_` and `%` would be wildcards. */
export function quoteSchemaScope(schema: string): string {
  return `${quoteName(schema.replace(/[\\_%]/gu, "\\$&"))}.*`;
}

/** Whether a schema is one that the scope of a grant means: `%` and `_` are wildcards unless a backslash stands before them. */
export function schemaTest(pattern: string): (schema: string) => boolean {
  const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/gu, "\\$&");
  const source = pattern.replace(/\\([\\_%])|([%_])|[.*+?^${}()|[\]\\]/gu, (all, plain: string, wild: string) =>
    wild === "%" ? ".*" : wild === "_" ? "." : escaped(plain ?? all),
  );
  const whole = new RegExp(`^${source}$`, "su");
  return (schema) => whole.test(schema);
}

/** An account, e.g. `` `app`@`%` ``. */
export function quoteAccount(user: string, host: string): string {
  return `${quoteName(user)}@${quoteName(host)}`;
}

const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}]/u;

/** Whether a name could end a line: such names stay out of scripts, where some clients act on what begins a line. */
export function breaksLines(name: string): boolean {
  return CONTROL.test(name);
}

/** Text that can not end a comment that goes to the end of the line. */
export function inComment(text: string): string {
  return text.replace(new RegExp(CONTROL, "gu"), "?");
}

/** Stands where the password goes. A comment, so that the statement is an error as long as nobody has put one in. */
export const PASSWORD_PLACEHOLDER = "/* 'a long random password' */";
