import type { ImpactChange, ImpactChangeKind, ImpactOutcome, ImpactResult } from "@/lib/policy/impact/model";
import { IMPACT_CHANGES } from "@/lib/policy/impact/model";

/** As many changes as a person reads; --json has up to 2,000. */
const SHOWN = 20;
const LONGEST_SQL = 100;

const WORDS: Readonly<Record<ImpactChangeKind, string>> = {
  newly_blocked: "newly blocked",
  newly_held: "newly held",
  newly_allowed: "newly allowed",
  newly_unmasked: "newly unmasked",
  newly_masked: "newly masked",
};

const number = (n: number) => n.toLocaleString("en-US");

/** Whether some statement would be decided or masked in another way. */
export function isChanged({ totals }: ImpactResult): boolean {
  return IMPACT_CHANGES.some((kind) => totals[kind] > 0);
}

/** The answer of `sallyport impact` for people, for one connection: how much changes, then what. */
export function describeImpact(connection: string, result: ImpactResult): string {
  const { statements, templates, identities, totals, changes, moreChanges, unknown, since } = result;
  const counted = IMPACT_CHANGES.filter((kind) => totals[kind] > 0).map(
    (kind) => `${number(totals[kind])} ${WORDS[kind]}`,
  );
  const shown = changes.slice(0, SHOWN);
  const more = changes.length - shown.length + moreChanges;
  const untold = unknown.text_cut + unknown.values_unknown;
  return [
    `${connection}: ${counted.length === 0 ? "nothing changes" : counted.join(", ")}`,
    `  of ${number(statements)} statements since ${since} (${number(templates)} templates, ${number(identities)} identities)`,
    ...(untold === 0 ? [] : [`  of ${number(untold)} more nothing can be told: ${untoldWords(unknown)}`]),
    ...tableOf(shown),
    ...(more > 0 ? [`  and ${number(more)} more`] : []),
  ].join("\n");
}

function untoldWords({ text_cut, values_unknown }: ImpactResult["unknown"]): string {
  return [
    ...(text_cut === 0 ? [] : [`the texts of ${number(text_cut)} are cut`]),
    ...(values_unknown === 0 ? [] : [`the values of ${number(values_unknown)} were not recorded`]),
  ].join(", ");
}

function tableOf(changes: readonly ImpactChange[]): string[] {
  const rows = changes.map((one) => [number(one.count), WORDS[one.kind], one.identity.name]);
  const widths = [0, 1, 2].map((at) => Math.max(0, ...rows.map((row) => row[at]?.length ?? 0)));
  return changes.flatMap((one, index) => {
    const [count = "", kind = "", name = ""] = rows[index] ?? [];
    const cells = [count.padStart(widths[0] ?? 0), kind.padEnd(widths[1] ?? 0), name.padEnd(widths[2] ?? 0)];
    const why = one.kind === "newly_unmasked" || one.kind === "newly_masked" ? hiddenWords(one) : reasonOf(one.after);
    return [`  ${cells.join("  ")}  ${short(one.sample.sql)}`, `  ${" ".repeat(widths[0] ?? 0)}  ${why}`];
  });
}

/** One line, without what a terminal would take for more than text. */
function short(sql: string): string {
  const line = sql.replace(/[\p{Cc}\s]+/gu, " ").trim();
  return [...line].length > LONGEST_SQL ? `${[...line].slice(0, LONGEST_SQL).join("")}...` : line;
}

function reasonOf({ reason, policy }: ImpactOutcome): string {
  return policy === null ? reason : `${reason} (policy ${policy})`;
}

function hiddenWords({ before, after }: ImpactChange): string {
  const words = ({ hidden }: ImpactOutcome) =>
    hidden.length === 0
      ? "nothing"
      : hidden.map(({ position, name, method }) => `${name ?? `column ${position + 1}`} (${method})`).join(", ");
  return `hides ${words(after)} where it hid ${words(before)}`;
}
