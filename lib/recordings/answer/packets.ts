import type { Frame } from "../frame";

const HEADER = 4;
/** Payload of a full packet: another one follows (MySQL manual, "Sending More Than 16Mb"). */
export const FULL_PAYLOAD = 0xff_ffff;

/** A payload of an answer, put together where it came in several packets. */
export interface Payload {
  readonly bytes: Buffer;
  /** When its last byte went to the client, in microseconds since the session's start. */
  readonly atUs: number;
}

/** What the response frames of one statement hold. */
export interface Payloads {
  readonly payloads: readonly Payload[];
  /** Bytes of a payload that is not there to its end. */
  readonly torn: number;
}

/** Cuts response bytes into payloads. Frames end anywhere; so may the last payload. */
export function payloadsOf(frames: readonly Frame[]): Payloads {
  const responses = frames.filter((frame) => frame.kind === "response" && frame.bytes.length > 0);
  const [only] = responses;
  const bytes =
    responses.length === 1 && only !== undefined ? only.bytes : Buffer.concat(responses.map((frame) => frame.bytes));
  const payloads: Payload[] = [];
  let frame = 0;
  let frameEnd = only?.bytes.length ?? 0;
  const timeAt = (end: number) => {
    while (end > frameEnd && frame + 1 < responses.length) {
      frame += 1;
      frameEnd += responses[frame]?.bytes.length ?? 0;
    }
    return responses[frame]?.atUs ?? 0;
  };
  let whole = 0;
  let parts: Buffer[] = [];
  for (let at = 0; bytes.length - at >= HEADER; ) {
    const length = bytes.readUIntLE(at, 3);
    const end = at + HEADER + length;
    if (end > bytes.length) break;
    const part = bytes.subarray(at + HEADER, end);
    at = end;
    if (length === FULL_PAYLOAD) {
      parts.push(part);
      continue;
    }
    payloads.push({ bytes: parts.length === 0 ? part : Buffer.concat([...parts, part]), atUs: timeAt(end) });
    parts = [];
    whole = end;
  }
  return { payloads, torn: bytes.length - whole };
}
