import type { Column } from "../column";
import { hiddenShape } from "../shapes";
import type { HideText, Hiding, Method } from "./method";

const STARTS_LIKE_A_DATE = /^(\d{4})-(\d{2})-(\d{2})(?!\d)/;
const ZERO_DATE = "0000-00-00";
const DATE_LENGTH = 10;

function firstOfYear(date: string): string {
  return date === ZERO_DATE ? date : `${date.slice(0, 4)}-01-01`;
}

/** Only the date of a text that begins with one. */
function hideInText(text: string): string | null {
  const [date] = STARTS_LIKE_A_DATE.exec(text) ?? [];
  return date === undefined ? null : firstOfYear(date);
}

function hideInDatetime(text: string): string {
  return `${firstOfYear(text.slice(0, DATE_LENGTH))}${text.slice(DATE_LENGTH).replace(/\d/g, "0")}`;
}

function hiding(column: Column): Hiding | null {
  const of = (hide: HideText) => ({ shape: hiddenShape(column), hide });
  switch (column.kind) {
    case "date":
      return of(firstOfYear);
    case "datetime":
      return of(hideInDatetime);
    case "year":
      return of((text) => text);
    case "text":
      return of(hideInText);
    default:
      return null;
  }
}

/** Dates keep their year. */
export const year: Method = {
  whole: "constant",
  column: hiding,
  text: () => hideInText,
  shows: () => false,
};
