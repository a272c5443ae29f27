import { SallyportError } from "@/lib/errors/error";
import { adviseRefusal, describeRefusal, type MaskRefusal } from "@/lib/masking/refusal";
import type { Misunderstood } from "@/lib/policy/understand";

/** Answers to statements that the gate stops. */

export function notUnderstood(why: Misunderstood, text: Buffer): SallyportError {
  const place = why.at === null ? "" : ` (${placeOf(text, why.at)})`;
  const next =
    why.code === "UNKNOWN_NAME" || why.code === "AMBIGUOUS_NAME" || why.code === "NO_SCHEMA_SELECTED"
      ? "Name tables and columns as the schema has them: SHOW TABLES and DESCRIBE tell"
      : why.code === "REFUSED_STATEMENT" || why.code === "HIDDEN_METADATA"
        ? "Do without it; the session goes on"
        : "Write it in plainer SQL; the session goes on";
  return new SallyportError("NOT_UNDERSTOOD", `The statement is not understood: ${why.message}${place}`, { next });
}

/** Line and column, from 1, of a byte offset. */
function placeOf(text: Buffer, at: number): string {
  const before = text.subarray(0, at);
  let line = 1;
  let start = 0;
  for (let newline = before.indexOf(0x0a); newline >= 0; newline = before.indexOf(0x0a, newline + 1)) {
    line += 1;
    start = newline + 1;
  }
  return `line ${line}, column ${before.toString("utf8", start).length + 1}`;
}

export function denied(reason: string, hint: string | null): SallyportError {
  return new SallyportError("POLICY_DENIED", `The policy denies this statement: ${reason}`, {
    next: hint ?? "Ask for something that a rule allows, or ask the people who write the policy",
  });
}

export function maskUnsafe(refusal: MaskRefusal): SallyportError {
  return new SallyportError("MASK_UNSAFE", describeRefusal(refusal), { next: adviseRefusal(refusal) });
}

/** What was prepared has to be decided on with its values now, and they are not at hand. */
export function valuesMissing(): SallyportError {
  return new SallyportError(
    "LIMIT_EXCEEDED",
    "The bound values are too long for a statement whose values a rule looks at",
    {
      next: "Bind less than 16 MiB, or ask an admin for a rule without conditions on values",
    },
  );
}

export function noCatalogue(): SallyportError {
  return new SallyportError("UNAVAILABLE", "The gateway has not been able to read the upstream's tables yet", {
    next: "Try again in a moment; if it stays, ask an admin to test the connection in the console",
  });
}

export function unsettled(): SallyportError {
  return new SallyportError("UNAVAILABLE", "Tables have been changed, and the gateway could not read them again yet", {
    next: "Try again in a moment",
  });
}

export function notConfigured(): SallyportError {
  return new SallyportError("UNAVAILABLE", "The connection is not configured any more", { next: "Log in again" });
}

export function notAscii(): SallyportError {
  return new SallyportError(
    "NOT_UNDERSTOOD",
    "The statement has letters outside ASCII in a session that is not UTF-8",
    {
      next: "Run SET NAMES utf8mb4, or log in with utf8mb4",
    },
  );
}
