/**
 * The text with control and format characters spelt out: they could turn the reading order round or hide a part of it. Line ends and tabs
 * stay as they are.
 */
export function visibleText(text: string): string {
  return text.replaceAll(
    /\r(?!\n)|[^\P{C}\n\r\t]|[\u2028\u2029\u115f\u1160\u3164]/gu,
    (character) => `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}⟩`,
  );
}
