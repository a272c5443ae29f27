import type { ColumnShape } from "../cell";
import { integerRange } from "../codec/numbers";
import { type Column, columnOf } from "../column";
import { NOT_FIXED } from "../column-types";
import { type CatalogueColumn, membersOf } from "./column-type";

/** Made-up texts by what a column's name says; the first that fits. Numbers of cards and the like are the ones that issuers reserve for tests. */
const byName: ReadonlyArray<{ readonly name: RegExp; readonly texts: readonly string[] }> = [
  { name: /e_?mail/i, texts: ["ada.lovelace@example.com", "grace@post.example.org"] },
  { name: /phone|mobile|fax|(^|_)tel(_|$)/i, texts: ["+1 202-555-0143", "+44 20 7946 0018"] },
  { name: /ssn|social|national_?id|tax_?id/i, texts: ["078-05-1120", "219-09-9999"] },
  { name: /card|(^|_)pan(_|$)|cc_?num/i, texts: ["4111111111111111", "5555 5555 5555 4444"] },
  { name: /iban|account|bank/i, texts: ["DE89370400440532013000", "GB29NWBK60161331926819"] },
  { name: /birth|(^|_)dob(_|$)|date|(^|_)(on|at)$/i, texts: ["1985-12-24", "1999-03-31"] },
  { name: /salary|wage|income|amount|price|balance|total|(^|_)pay(_|$)/i, texts: ["73500", "118250.50"] },
  { name: /zip|postal|post_?code/i, texts: ["94107", "10115"] },
  { name: /street|address|city/i, texts: ["12 Sample Street, Springfield", "Musterweg 7, Berlin"] },
  { name: /passw|secret|token|key|hash/i, texts: ["sk_test_51Hq8eXample", "hunter2-example"] },
  { name: /ip_?addr|(^|_)ip(_|$)/i, texts: ["192.0.2.17", "2001:db8::42"] },
  { name: /name/i, texts: ["Ada Lovelace", "Jürgen Müller"] },
];
const anyText = ["Called twice about the refund", "Prefers mail in the morning", "ok"];

/** Made-up texts for a name. */
export function textsFor(name: string): readonly string[] {
  return byName.find((sample) => sample.name.test(name))?.texts ?? anyText;
}

function integersFor({ shape }: Column, name: string): readonly string[] {
  const { high } = integerRange(shape);
  const wanted = /year/i.test(name) ? ["1985", "1999"] : ["73500", "118250"];
  const fitting = wanted.filter((value) => BigInt(value) <= high);
  return fitting.length > 0 ? fitting : ["42", "107"];
}

function decimalsFor({ shape }: Column): readonly string[] {
  const { decimals } = shape;
  const digits = Math.max(shape.length - (decimals > 0 ? 1 : 0) - 1 - decimals, 1);
  return ["73500", "118250"].map((whole) => {
    const fraction = decimals > 0 ? `.${"5".padEnd(decimals, "0")}` : "";
    return `${whole.slice(0, digits)}${fraction}`;
  });
}

/** With as many digits of a fraction as the column has. */
function withFraction({ shape }: Column, value: string): string {
  return shape.decimals === 0 ? value : `${value}.${"5".padEnd(shape.decimals, "0")}`;
}

/** Made-up values that fit a column, as the text protocol would send them; strings of bytes as a character a byte. */
export function samplesFor(given: CatalogueColumn, shape: ColumnShape): readonly string[] {
  const column = columnOf(shape);
  switch (column.kind) {
    case "integer":
      return integersFor(column, given.name);
    case "decimal":
      return decimalsFor(column);
    case "float":
    case "double":
      return shape.decimals < NOT_FIXED ? [(73500.5).toFixed(shape.decimals), "0"] : ["73500.5", "0.25"];
    case "date":
      return ["1985-12-24", "1999-03-31"];
    case "datetime":
      return ["1985-12-24 13:14:15", "1999-03-31 08:00:00"].map((value) => withFraction(column, value));
    case "time":
      return ["13:14:15", "08:00:00"].map((value) => withFraction(column, value));
    case "year":
      return ["1985", "1999"];
    case "bit":
      return ["\u0001", "\u0000"];
    case "json":
      return ['{"id": 17, "name": "Ada Lovelace"}', '["a", "b"]'];
    case "binary":
      return ["\u008f\u001bD\u00c9", "\u0000\u0017\u00fe!"];
    case "text":
    case "foreign": {
      const members = /^(enum|set)$/i.test(given.dataType) ? membersOf(given.columnType).slice(0, 3) : [];
      return members.length > 0 ? members : textsFor(given.name);
    }
    case "opaque":
      return [];
    default:
      return column.kind satisfies never;
  }
}
