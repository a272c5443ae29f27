import type { TokenKeys } from "../cell";
import type { Column } from "../column";
import { stringShape } from "../shapes";
import { isToken, tokenLength } from "../tokens";
import type { HideText, Hiding, Method } from "./method";

function sealText(keys: TokenKeys, encoding: "utf8" | "latin1"): HideText {
  return (text) => keys.seal(Buffer.from(text, encoding));
}

function hiding({ kind, shape }: Column, keys: TokenKeys): Hiding | null {
  if (kind === "foreign" || kind === "opaque") return null;
  // Binary strings stand in canonical text a character a byte (codec/codec.ts).
  const hide = sealText(keys, kind === "binary" ? "latin1" : "utf8");
  return { shape: stringShape(shape, tokenLength(shape.length)), hide };
}

/** `tok_...`: the same for the same value, so that rows can be joined; only the gateway can tell the value. */
export const token: Method = {
  whole: "constant",
  column: (column, _options, keys) => hiding(column, keys),
  text: (_options, keys) => sealText(keys, "utf8"),
  shows: isToken,
};
