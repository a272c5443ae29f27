"use client";

import { useEffect, useRef, useState } from "react";
import { toast } from "@/components/ui/toaster";
import type { ExportFormat } from "@/lib/exports/format";
import type { ErrorBody } from "@/lib/http/error-body";
import { rowCounter } from "./row-counter";

/** Pieces of the file are handed to the browser, which may keep them on disk, whenever they are this large. */
const PIECE_BYTES = 4_194_304;

export interface RunningExport {
  readonly format: ExportFormat;
  readonly rows: number;
}

/** Fetches a list's records as a file and saves it when it is whole. `running` is null while nothing runs. */
export function useExport(route: string, name: string, maxRows: number) {
  const [running, setRunning] = useState<RunningExport | null>(null);
  const stop = useRef<AbortController | null>(null);
  useEffect(() => () => stop.current?.abort(), []);

  async function start(format: ExportFormat, query: string): Promise<void> {
    const control = new AbortController();
    stop.current = control;
    setRunning({ format, rows: 0 });
    let rows = 0;
    try {
      const response = await fetch(route, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ format, query }),
        signal: control.signal,
      });
      if (!response.ok || response.body === null) {
        const { error } = (await response.json()) as { readonly error: ErrorBody };
        toast.error(error.message, error.next ?? undefined);
        return;
      }
      const file = await collect(response.body, rowCounter(format), (count) => {
        rows = count;
        setRunning({ format, rows });
      });
      save(file, `${name}.${format}`);
      const full = rows >= maxRows;
      toast.success(
        `Exported ${rows.toLocaleString("en")} rows`,
        full ? "That is the most one file has. There may be more: narrow the filters to parts." : undefined,
      );
    } catch {
      if (!control.signal.aborted) {
        toast.error("The export broke off", `After ${rows} rows. Nothing was saved; try again or narrow the filters.`);
      }
    } finally {
      setRunning(null);
    }
  }

  return { running, start, cancel: () => stop.current?.abort() };
}

async function collect(
  body: ReadableStream<Uint8Array>,
  count: (bytes: Uint8Array) => number,
  report: (rows: number) => void,
): Promise<Blob> {
  const kept: Blob[] = [];
  let piece: BlobPart[] = [];
  let size = 0;
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    report(count(value));
    piece.push(new Uint8Array(value));
    size += value.byteLength;
    if (size > PIECE_BYTES) {
      kept.push(new Blob(piece));
      piece = [];
      size = 0;
    }
  }
  return new Blob([...kept, ...piece]);
}

function save(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
