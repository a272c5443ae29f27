import type { Comment } from "@/lib/sql/token";

const MAX_PURPOSE = 500;
const PURPOSE = /^purpose\s*:(.*)$/isu;

/**
 * What the client says a statement is for: the first comment in front of it that begins with `purpose:`. Shown to the reviewer as the client's
 * own words; it decides nothing and is no part of what is approved.
 */
export function purposeOf(comments: readonly Comment[]): string | null {
  for (const { leading, text } of comments) {
    const said = leading ? PURPOSE.exec(text)?.[1] : undefined;
    if (said === undefined) continue;
    // Control and format characters could make the words look like something else on the page.
    const plain = said.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, " ").trim();
    return plain === "" ? null : [...plain].slice(0, MAX_PURPOSE).join("");
  }
  return null;
}
