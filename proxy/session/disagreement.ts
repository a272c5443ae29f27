import type { SallyportError } from "@/lib/errors/error";
import { mysqlError } from "@/lib/errors/mysql";
import { scrubbedError } from "../masking/scrub";
import { SERVER_ERROR } from "../protocol/constants";
import type { ErrPacket } from "../protocol/err-packet";
import { disagreesWithLineage, looksWhileItWrites } from "./account-refusals";
import type { AccountRuling, Ruling } from "./gate";
import type { SessionCore } from "./session-core";

/** What a server says when an account lacks a privilege. */
const LACKS: ReadonlySet<number> = new Set([
  SERVER_ERROR.DB_ACCESS_DENIED,
  SERVER_ERROR.TABLE_ACCESS_DENIED,
  SERVER_ERROR.COLUMN_ACCESS_DENIED,
  SERVER_ERROR.VIEW_INVALID,
  SERVER_ERROR.ROUTINE_ACCESS_DENIED,
]);

/** A privilege other than SELECT; in a language that it does not know it takes none for one. */
const NOT_READING = /^(?!SELECT\b)[A-Z][A-Z ,]* command denied/;

const HINT =
  "[sallyport] The connection runs this with its restricted account, which has what its script grants: no views over masked columns, no routines, no definitions";

/**
 * What the client is told when the server refuses a statement to the restricted account, on which it runs because lineage found nothing
 * masked in it. Null for errors of another kind. A disagreement goes to the audit log.
 */
export function explainRefused(
  core: SessionCore,
  { account, result }: Extract<Ruling, { kind: "forward" }>,
  error: ErrPacket,
): ErrPacket | null {
  if (account === null || !LACKS.has(error.errno)) return null;
  const event = core.current.id;
  const aboutReading = error.errno !== SERVER_ERROR.ROUTINE_ACCESS_DENIED && !NOT_READING.test(error.message);
  if (aboutReading && account.refused === "disagreement") {
    const refusal = disagreesWithLineage();
    tellDisagreement(core, account, refusal, { account: "restricted", says: "refused", errno: error.errno });
    return mysqlError(refusal, { event });
  }
  if (aboutReading && account.refused === "masked") return mysqlError(looksWhileItWrites(), { event });
  const shown = result?.scrub === true ? scrubbedError(error, event) : error;
  return { ...shown, message: `${shown.message}. ${HINT}` };
}

/** Writes it to the audit log, once for a template. */
export function tellDisagreement(
  { current, parts }: SessionCore,
  { opinion }: AccountRuling,
  error: SallyportError,
  detail: Readonly<Record<string, unknown>>,
): void {
  if (opinion.told) return;
  opinion.told = true;
  parts.audit({
    action: "mask.disagreement",
    result: "refused",
    code: error.code,
    message: error.message,
    object: { kind: "statement", id: current.id, name: current.sql.text },
    detail: { session: parts.id, ...detail },
  });
}
