import type { RecordingSettings } from "@/lib/connections/model";
import type { FrameKind } from "@/lib/recordings/frame";
import type { Answer } from "../protocol/answer-phase";
import { RowFilter } from "../protocol/row-filter";
import type { Recorder } from "./ports";

/** Longest part of a command that is recorded. */
export const MAX_REQUEST_BYTES: number = 64 * 1024;

/** How much of the answers to one statement is recorded; the fetches of its cursor go on with it. */
export interface Answered {
  /** Null of commands that leave no record. */
  readonly statementId: string | null;
  /** Bytes that may still be recorded; negative once the record says that it was cut. */
  left: number;
}

export interface RecordingParts {
  readonly recorder: Pick<Recorder, "frame">;
  readonly sessionId: string;
  readonly settings: Pick<RecordingSettings, "results" | "max_result_bytes">;
  /** The client gets no EOF packets. */
  readonly deprecateEof: boolean;
}

/** What went over a client's wire since its login, as frames of its session's record. */
export class Recording {
  readonly #parts: RecordingParts;
  readonly #startedMs = performance.now();
  readonly #filter: RowFilter | null;
  /** What is said is part of an answer that may have rows to leave out. */
  #filters = false;
  /** Of the command that runs. */
  answered: Answered;

  constructor(parts: RecordingParts) {
    this.#parts = parts;
    this.answered = this.#newAnswered(null);
    this.#filter =
      parts.settings.results === "shape"
        ? new RowFilter(parts.deprecateEof, {
            keep: (bytes, from, to) => this.#add(bytes, from, to),
            leftOut: () => this.#mark("rows_left_out"),
          })
        : null;
  }

  get results(): RecordingSettings["results"] {
    return this.#parts.settings.results;
  }

  /** A command begins: what the client gets from here on answers it. */
  begin(statementId: string | null): void {
    this.answered = this.#newAnswered(statementId);
    this.#filters = false;
  }

  /** A fetch begins: its rows belong to the execution that opened the cursor. */
  resume(answered: Answered): void {
    this.answered = answered;
    this.#filters = false;
  }

  /** The upstream's answer to the command begins. */
  answers(answer: Answer, cursor: boolean): void {
    this.#filters = answer === "results" || answer === "rows";
    if (this.#filters) this.#filter?.start(answer === "rows" ? "rows" : "results", cursor);
  }

  /** A command as the client sent it, `bytes[from, to)` without packet headers: its beginning. */
  request(bytes: Buffer, from: number, to: number, atMost: number = MAX_REQUEST_BYTES): void {
    this.#frame("request", bytes, from, Math.min(to, from + atMost));
  }

  /** Part of the upstream's answer, as it goes to the client. */
  relayed(bytes: Buffer): void {
    if (this.results === "none") return;
    if (this.#filters && this.#filter !== null) this.#filter.take(bytes, 0, bytes.length);
    else this.#add(bytes, 0, bytes.length);
  }

  /** Whole packets of the gateway's own. */
  said(bytes: Buffer): void {
    if (this.results !== "none") this.#add(bytes, 0, bytes.length);
  }

  #newAnswered(statementId: string | null): Answered {
    return { statementId, left: this.#parts.settings.max_result_bytes };
  }

  #add(bytes: Buffer, from: number, to: number): void {
    const { answered } = this;
    if (answered.left < 0) return;
    const end = Math.min(to, from + answered.left);
    if (end > from) this.#frame("response", bytes, from, end);
    answered.left -= end - from;
    if (end < to) this.#mark("cut");
  }

  #mark(kind: "cut" | "rows_left_out"): void {
    if (this.answered.left < 0) return;
    if (kind === "cut") this.answered.left = -1;
    this.#frame(kind, NOTHING, 0, 0);
  }

  #frame(kind: FrameKind, bytes: Buffer, from: number, to: number): void {
    const { recorder, sessionId } = this.#parts;
    const atUs = (performance.now() - this.#startedMs) * 1000;
    recorder.frame(sessionId, kind, this.answered.statementId, atUs, bytes, from, to);
  }
}

const NOTHING: Buffer = Buffer.alloc(0);
