import { SallyportError } from "./error";
import { ERROR_REGISTRY } from "./registry";

/** What an ERR packet carries. `sqlState` has five characters. */
export interface MysqlError {
  readonly errno: number;
  readonly sqlState: string;
  readonly message: string;
}

/** What ties the message to other records: the audit event or statement, an approval, the rule that decided. */
export interface ErrorReferences {
  readonly event?: string;
  readonly approval?: string;
  readonly rule?: string;
}

const GENERIC = "The gateway met an internal error";

/** A sentence without its full stop and without control characters, which would break clients' one-line output. */
function clause(text: string): string {
  let clean = "";
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    clean += code < 0x20 || code === 0x7f ? " " : character;
  }
  return clean.trim().replace(/\.+$/, "");
}

/**
 * The ERR packet of an error (contracts.md, "Errors to MySQL clients"): `[sallyport] <what>. <next>. (code=.. event=..)`.
 * Errors that are not meant for the wire become UNAVAILABLE with a generic text: their own text stays in the logs.
 */
export function mysqlError(error: unknown, references: ErrorReferences = {}): MysqlError {
  const known = error instanceof SallyportError && ERROR_REGISTRY[error.code].mysql !== null ? error : null;
  const code = known?.code ?? "UNAVAILABLE";
  const numbers = ERROR_REGISTRY[code].mysql ?? ERROR_REGISTRY.UNAVAILABLE.mysql;
  const what = clause(known?.message ?? GENERIC);
  const next = known === null ? "Try again, then ask the gateway's operator" : known.next;
  const parts = [`code=${code}`];
  if (references.event !== undefined) {
    parts.push(`event=${references.event}`);
  }
  if (references.approval !== undefined) {
    parts.push(`approval=${references.approval}`);
  }
  if (references.rule !== undefined) {
    parts.push(`rule=${references.rule}`);
  }
  const sentences = next === null ? `${what}.` : `${what}. ${clause(next)}.`;
  return { ...numbers, message: `[sallyport] ${sentences} (${parts.join(" ")})` };
}
