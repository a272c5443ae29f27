import { MAX_PAYLOAD } from "../protocol/constants";
import { FRAME_HEADER, writeFrame } from "../protocol/frame";

const SPACE = 0x20;

/** The comment by which the server's own logs name the statement's record. */
export function noteOf(id: string): string {
  return ` /* sallyport ${id} */`;
}

const packetsOf = (payload: number) => Math.floor(payload / MAX_PAYLOAD) + 1;

/**
 * A text command as packets, with the note behind it where there is room. Exactly as many packets as the client sent: the server counts
 * on from them, and so does the client. Null when the text does not fit into those.
 */
export function statementFrames(code: number, text: Buffer, note: string, packets: number): Buffer | null {
  const noted = 1 + text.length + note.length;
  if (packets === 1 && noted < MAX_PAYLOAD) {
    const frame = Buffer.allocUnsafe(FRAME_HEADER + noted);
    frame.writeUIntLE(noted, 0, 3);
    frame[3] = 0;
    frame[FRAME_HEADER] = code;
    text.copy(frame, FRAME_HEADER + 1);
    frame.write(note, FRAME_HEADER + 1 + text.length, "latin1");
    return frame;
  }
  const plain = 1 + text.length;
  if (packetsOf(plain) > packets) return null;
  const withNote = packetsOf(noted) === packets;
  const size = withNote ? noted : Math.max(plain, (packets - 1) * MAX_PAYLOAD);
  const payload = Buffer.alloc(size, SPACE);
  payload[0] = code;
  text.copy(payload, 1);
  if (withNote) payload.write(note, plain, "latin1");
  return writeFrame(payload, 0);
}
