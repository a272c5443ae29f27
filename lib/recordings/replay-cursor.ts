import { z } from "zod";
import { FIRST_ID, ulidText } from "@/lib/db/ulid-bounds";
import { SallyportError } from "@/lib/errors/error";

/** Statements of a session run one after the other: more than a few are never without an outcome. */
const MOST_RUNNING = 100;

const cursorText = z.strictObject({ after: ulidText, running: z.array(ulidText).max(MOST_RUNNING) });

/** How far somebody has seen a session: the last statement, and those that had no outcome yet. */
export type ReplayCursor = z.infer<typeof cursorText>;

/** The cursor as text; callers treat it as opaque. */
export function encodeReplayCursor(cursor: ReplayCursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString("base64url");
}

/** Reads a cursor that `encodeReplayCursor` made. Throws INVALID_INPUT for anything else. */
export function decodeReplayCursor(text: string): ReplayCursor {
  const plain = Buffer.from(text, "base64url").toString("utf8");
  const read = cursorText.safeParse(parsed(plain));
  if (read.success) return read.data;
  throw new SallyportError("INVALID_INPUT", "This is not a cursor of a replay", {
    next: "Open the replay again",
    problems: [{ path: "cursor", message: "is not a cursor of a replay" }],
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The cursor behind these statements; `before` is the one that they were asked for with. */
export function cursorBehind(
  before: ReplayCursor | null,
  seen: readonly { readonly id: string; readonly state: string }[],
): ReplayCursor {
  const running = seen.filter(({ state }) => state === "running").map(({ id }) => id);
  const last = seen.reduce((most, { id }) => (id > most ? id : most), before?.after ?? FIRST_ID);
  return { after: last, running: running.slice(-MOST_RUNNING) };
}
