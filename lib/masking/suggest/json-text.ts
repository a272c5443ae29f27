/** A JSON object or array; of text that was cut off, as much as is complete. Null when it is neither. */
export function readDocument(text: string): object | null {
  return parsed(text) ?? parsed(completed(text));
}

function parsed(text: string): object | null {
  if (!/^\s*[[{]/.test(text)) return null;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" ? value : null;
  } catch {
    return null;
  }
}

/** The text up to its last complete element, with the brackets that are open there closed. */
function completed(text: string): string {
  const open: string[] = [];
  let inString = false;
  let end = 0;
  let closers = "";
  const keep = (at: number) => {
    end = at;
    closers = open.toReversed().join("");
  };
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (inString) {
      if (character === "\\") at += 1;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === "{") open.push("}");
    else if (character === "[") open.push("]");
    else if (character === ",") keep(at);
    else if (character === "}" || character === "]") {
      open.pop();
      keep(at + 1);
    }
  }
  return text.slice(0, end) + closers;
}
