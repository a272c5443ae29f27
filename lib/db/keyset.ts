import { asc, type Column, desc, gt, lt, type SQL } from "drizzle-orm";
import { SallyportError } from "@/lib/errors/error";
import { ulidText } from "./ulid-bounds";

/** Lists are paged by id: ULIDs sort by time, so a page is a range of the primary key or of an index that ends in it. */
export type Order = "newest" | "oldest";

/**
 * Where a page starts. `next` is the page after the row with this id in the list's order, `previous` the page before it;
 * `previous` without an id is the last page.
 */
export type Cursor =
  | { readonly side: "next"; readonly id: string }
  | { readonly side: "previous"; readonly id: string | null };

/** One page of a list; a cursor is null when there is nothing on that side. */
export interface Page<T> {
  readonly rows: readonly T[];
  readonly next: string | null;
  readonly previous: string | null;
}

const SIDES = { n: "next", p: "previous" } as const;

/** The cursor as text for a URL. Callers treat it as opaque. */
export function encodeCursor(cursor: Cursor): string {
  return Buffer.from(`${cursor.side === "next" ? "n" : "p"}${cursor.id ?? ""}`, "latin1").toString("base64url");
}

/** Reads a cursor from a URL; null and empty text are the first page. Throws INVALID_INPUT for anything this module did not make. */
export function decodeCursor(text: string | null | undefined): Cursor | null {
  if (text === null || text === undefined || text === "") {
    return null;
  }
  const plain = Buffer.from(text, "base64url").toString("latin1");
  const side = SIDES[plain.charAt(0) as keyof typeof SIDES];
  const id = plain.slice(1);
  if (side === "previous" && id === "") {
    return { side, id: null };
  }
  if (side === undefined || !ulidText.safeParse(id).success) {
    throw new SallyportError("INVALID_INPUT", "This page address is not one this list made", {
      next: "Go to the first page of the list",
      problems: [{ path: "cursor", message: "is not a cursor of this list" }],
    });
  }
  return { side, id };
}

/** The scan that reads one page: its direction over the ids, and where it starts. */
export interface Scan {
  readonly direction: "up" | "down";
  readonly from: SQL | undefined;
  readonly orderBy: SQL;
}

/** How to read the page at `cursor` of a list in this order. A `previous` page is read backwards and turned round by `toPage`. */
export function scanOf(id: Column, order: Order, cursor: Cursor | null): Scan {
  const backwards = cursor?.side === "previous";
  const direction = (order === "oldest") === backwards ? "down" : "up";
  const start = cursor?.id ?? null;
  const from = start === null ? undefined : direction === "up" ? gt(id, start) : lt(id, start);
  return { direction, from, orderBy: direction === "up" ? asc(id) : desc(id) };
}

/** What a scan brought: at most as many rows as asked for, and where it gave up when it did not look at everything. */
export interface Read<T> {
  readonly rows: readonly T[];
  /** The last id looked at by a scan that stopped before it had enough rows. */
  readonly stoppedAt: string | null;
}

/**
 * Reads the page at `cursor`. `read` gets the scan and a limit of `size + 1`: the extra row only tells that there are more.
 * A `previous` page that is not full has reached the list's start, and becomes the first page.
 */
export async function readPage<T extends { readonly id: string }>(
  list: { readonly id: Column; readonly order: Order; readonly cursor: Cursor | null; readonly size: number },
  read: (scan: Scan, limit: number) => Promise<Read<T>>,
): Promise<Page<T>> {
  const { id, order, cursor, size } = list;
  const result = await read(scanOf(id, order, cursor), size + 1);
  const kept = result.rows.slice(0, size);
  const ahead = result.rows.length > size ? (kept.at(-1)?.id ?? null) : result.stoppedAt;
  if (cursor?.side === "previous" && cursor.id !== null) {
    if (kept.length < size && ahead === null) {
      return readPage({ ...list, cursor: null }, read);
    }
    const last = kept.at(0)?.id ?? cursor.id;
    return { rows: kept.toReversed(), next: pointer("next", last), previous: pointer("previous", ahead) };
  }
  if (cursor?.side === "previous") {
    return { rows: kept.toReversed(), next: null, previous: pointer("previous", ahead) };
  }
  const first = cursor === null ? null : (kept.at(0)?.id ?? null);
  return { rows: kept, next: pointer("next", ahead), previous: pointer("previous", first) };
}

function pointer(side: Cursor["side"], id: string | null): string | null {
  return id === null ? null : encodeCursor({ side, id });
}
