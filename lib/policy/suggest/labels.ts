import type { Risk } from "./model";

/** What a risk is called; the proposal says for each rule why it has it. */
export const RISK_LABELS: Readonly<Record<Risk, string>> = {
  write: "Writes",
  wide_read: "Wide read",
  masked_column: "Masked column",
  no_where: "No WHERE",
  rare: "Rare",
  ddl: "Changes definitions",
  function: "Calls a function",
  refused: "Was refused",
  apart: "Identity set apart",
};
