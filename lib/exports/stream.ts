import { recordAudit } from "@/lib/audit/record";
import type { Ctx } from "@/lib/ctx";
import { log, loggableError } from "@/lib/log";
import { type ExportFormat, type ExportRecord, exportHead, exportLine } from "./format";

/** A file has at most this many rows; who needs more narrows the filter to parts. */
export const EXPORT_MAX_ROWS = 1_000_000;
/** Rows that are read at once. */
export const EXPORT_PAGE = 1_000;

export interface ExportPage {
  readonly records: readonly ExportRecord[];
  /** Null on the last page. */
  readonly next: string | null;
}

export interface ExportRequest {
  /** What is exported, e.g. "statements". */
  readonly what: string;
  readonly format: ExportFormat;
  readonly filter: Readonly<Record<string, unknown>>;
  readonly columns: readonly string[];
  /** One page of the list; the first for null. */
  readonly read: (cursor: string | null) => Promise<ExportPage>;
  readonly maxRows?: number;
}

type Stage = "begun" | "complete" | "limit" | "cancelled" | "failed";

/**
 * The file as a stream: one page at a time, the next one when the reader took the last. However it ends, completely, at the row limit,
 * cancelled or broken off, an audit event tells of it before the reader sees the end. One of several pages has an event before the
 * first of them, too: this process may be killed while they are read.
 */
export function exportStream(ctx: Ctx, request: ExportRequest): ReadableStream<Uint8Array> {
  const { what, format, filter, columns, read, maxRows = EXPORT_MAX_ROWS } = request;
  const encoder = new TextEncoder();
  let cursor: string | null = null;
  let rows = 0;
  let over = false;
  let begun = false;

  async function end(how: Exclude<Stage, "begun">): Promise<void> {
    if (over) return;
    over = true;
    await tell(how);
  }

  async function tell(how: Stage): Promise<void> {
    await recordAudit(ctx.db, ctx.actor, {
      action: "export.created",
      result: how === "failed" ? "failed" : "ok",
      object: { kind: "export", id: ctx.requestId.slice(0, 64), name: what },
      message: MESSAGES[how](rows),
      detail: { what, format, filter, rows, ending: how },
    });
  }

  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const page = await read(cursor);
        // Cancelled while the page was read: nobody takes it.
        if (over) return;
        const taken = page.records.slice(0, maxRows - rows);
        rows += taken.length;
        cursor = page.next;
        const lines = taken.map((record) => exportLine(format, columns, record));
        const text = `${begun ? "" : exportHead(format, columns)}${lines.join("")}`;
        const full = rows >= maxRows && (taken.length < page.records.length || cursor !== null);
        if (full || cursor === null) await end(full ? "limit" : "complete");
        else if (!begun) {
          await tell("begun");
          if (over) return;
        }
        begun = true;
        controller.enqueue(encoder.encode(text));
        if (over) controller.close();
      } catch (error) {
        log().error({ requestId: ctx.requestId, error: loggableError(error) }, "an export broke off");
        await end("failed").catch(() => undefined);
        controller.error(new Error("the export broke off"));
      }
    },
    cancel: () => end("cancelled"),
  });
}

const MESSAGES: Readonly<Record<Stage, (rows: number) => string>> = {
  begun: () => "Began",
  complete: (rows) => `${rows} rows`,
  limit: (rows) => `${rows} rows, the most that one file has; there are more`,
  cancelled: (rows) => `Cancelled after ${rows} rows`,
  failed: (rows) => `Broke off after ${rows} rows`,
};

/** The stream as the answer of a route handler. */
export function exportResponse(
  stream: ReadableStream<Uint8Array>,
  what: string,
  type: string,
  ending: string,
): Response {
  return new Response(stream, {
    headers: {
      "content-type": type,
      "content-disposition": `attachment; filename="${what}.${ending}"`,
      // Compressing would hold rows back until a block is full.
      "cache-control": "no-store, no-transform",
      "x-accel-buffering": "no",
    },
  });
}
