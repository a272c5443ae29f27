import { canonicalise } from "@/lib/sql/canonical";
import { ShapeScanner } from "@/lib/sql/shape-scan";
import type { Lexed } from "@/lib/sql/token";

/** Words that go in `gap` bytes behind the end of the literal before them, or behind the statement's start. */
interface Insertion {
  readonly literalsBefore: number;
  readonly gap: number;
  readonly words: Buffer;
}

/** Edits of one statement that hold for every statement of its shape. */
export interface Splice {
  readonly shape: Buffer;
  readonly insertions: readonly Insertion[];
}

interface Edit {
  readonly from: number;
  readonly to: number;
  readonly instead: Buffer;
}

const SPACE = 0x20;
const scanner = new ShapeScanner();

/** `before`: words to stand before a token, by its index. Null when only the full lexer can read the statement. */
export function spliceOf(text: Buffer, lexed: Lexed, before: ReadonlyMap<number, string>): Splice | null {
  if (!scanner.scan(text, 0, text.length) || scanner.keptLiterals(canonicalise(lexed)) === null) return null;
  const insertions = [...before].map(([at, words]) => {
    const offset = lexed.tokens[at]?.start ?? text.length;
    let literalsBefore = 0;
    while (literalsBefore < scanner.count && (scanner.ends[literalsBefore] ?? 0) <= offset) literalsBefore += 1;
    const parted = offset === 0 || text[offset - 1] === SPACE;
    return { literalsBefore, gap: offset - endOf(literalsBefore), words: Buffer.from(`${parted ? "" : " "}${words} `) };
  });
  return { shape: Buffer.from(scanner.shape.subarray(0, scanner.length)), insertions };
}

/**
 * The statement with the edits made, and with what `open` gives in place of the strings among `literals`; null when it has another
 * shape. Equal shapes are equal tokens but for the values of literals, so that every edit finds its place.
 */
export function spliced(
  { shape, insertions }: Splice,
  text: Buffer,
  literals: readonly number[],
  open: (value: string) => string | null,
): Buffer | null {
  if (!scanner.scan(text, 0, text.length) || scanner.length !== shape.length) return null;
  if (scanner.shape.compare(shape, 0, shape.length, 0, shape.length) !== 0) return null;
  const edits: Edit[] = insertions.map(({ literalsBefore, gap, words }) => {
    const at = endOf(literalsBefore) + gap;
    return { from: at, to: at, instead: words };
  });
  for (const index of literals) {
    const from = scanner.starts[index] ?? 0;
    const to = scanner.ends[index] ?? 0;
    // No escapes and no doubled quotes on this path; what is no string begins with none.
    const quote = text[from];
    const instead = quote === 0x27 || quote === 0x22 ? open(text.toString("utf8", from + 1, to - 1)) : null;
    if (instead !== null) edits.push({ from, to, instead: Buffer.from(instead) });
  }
  return edited(
    text,
    edits.sort((a, b) => a.from - b.from),
  );
}

function edited(text: Buffer, edits: readonly Edit[]): Buffer {
  const pieces: Buffer[] = [];
  let done = 0;
  for (const { from, to, instead } of edits) {
    pieces.push(text.subarray(done, from), instead);
    done = to;
  }
  pieces.push(text.subarray(done));
  return Buffer.concat(pieces);
}

function endOf(literals: number): number {
  return literals === 0 ? 0 : (scanner.ends[literals - 1] ?? 0);
}
