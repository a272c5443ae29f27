import { DIGIT, HIGH, hasClass, WORD } from "./characters";
import { LexRefusal } from "./refusal";
import { BACK_QUOTE, DOUBLE_QUOTE, QUOTE, scanQuotedName, scanString } from "./scan-quoted";

const AT = 0x40;
const DOT = 0x2e;

export interface ScannedVariable {
  readonly kind: "userVariable" | "systemVariable";
  readonly bodyStart: number;
  readonly bodyEnd: number;
  readonly end: number;
  /** A back quote is doubled inside the name. */
  readonly doubled: boolean;
}

/** A variable from its `@`. Forms whose name needs decoding beyond a doubled back quote are refused. */
export function scanVariable(bytes: Uint8Array, start: number): ScannedVariable {
  const opening = bytes[start + 1];
  if (opening === AT) return systemVariable(bytes, start);
  if (opening === BACK_QUOTE) {
    const { end, doubled } = scanQuotedName(bytes, start + 1);
    return { kind: "userVariable", bodyStart: start + 2, bodyEnd: end - 1, end, doubled };
  }
  if (opening === QUOTE || opening === DOUBLE_QUOTE) {
    const { end, escapes, doubled, nul } = scanString(bytes, start + 1);
    if (escapes > 0 || doubled > 0 || nul) throw new LexRefusal("malformed_variable", start);
    return { kind: "userVariable", bodyStart: start + 2, bodyEnd: end - 1, end, doubled: false };
  }
  let end = start + 1;
  while (hasClass(bytes[end], WORD) || bytes[end] === DOT) end += 1;
  if (end === start + 1 || hasClass(bytes[end], HIGH)) throw new LexRefusal("malformed_variable", start);
  return { kind: "userVariable", bodyStart: start + 1, bodyEnd: end, end, doubled: false };
}

/** `@@name`, `@@scope.name`, `@@instance.name`: bare parts only, nothing between them. */
function systemVariable(bytes: Uint8Array, start: number): ScannedVariable {
  let end = start + 2;
  for (;;) {
    const from = end;
    while (hasClass(bytes[end], WORD)) end += 1;
    if (end === from || hasClass(bytes[from], DIGIT)) throw new LexRefusal("malformed_variable", start);
    if (bytes[end] !== DOT) break;
    end += 1;
  }
  if (hasClass(bytes[end], HIGH) || bytes[end] === BACK_QUOTE) throw new LexRefusal("malformed_variable", start);
  return { kind: "systemVariable", bodyStart: start + 2, bodyEnd: end, end, doubled: false };
}
