import type { Analysis } from "@/lib/sql/analysis";
import { freeRuleName } from "../draft/draft";
import type { Rule } from "../rule";
import type { LearnedForm } from "./learned-form";
import type { RuleBody } from "./rule-body";

const LONGEST = 64;

/**
 * What people would call the rule: what it does with which tables, and by what. Where another rule is called so, its result columns tell
 * them apart, or a number. Free among `taken`.
 */
export function ruleName({ body, candidates }: RuleBody, taken: readonly Rule[]): string {
  const form = candidates[0]?.form;
  const name = form === undefined ? "run" : said(form, body);
  const fine = `${name}${body.template === undefined ? "" : resultOf(form?.analysis ?? null)}`;
  const free = [name, fine].map(clean).find((one, at) => (at === 0 || fine.length <= LONGEST) && isFree(one, taken));
  return free ?? freeRuleName(clean(name), taken);
}

const isFree = (name: string, taken: readonly Rule[]) => taken.every((one) => one.name !== name);

function said(form: LearnedForm, body: RuleBody["body"]): string {
  const { analysis, tables } = form;
  const locks = analysis?.flags.has("locking_read") === true;
  const upserts = analysis?.flags.has("on_duplicate_key") === true;
  const verb =
    form.class === "select"
      ? locks
        ? "lock"
        : "read"
      : `${form.class.replaceAll("_", " ")}${upserts ? " or update" : ""}`;
  const of = listed(tables.map((one) => one.table)) ?? "without tables";
  const single = body.template !== undefined;
  const written = single && form.class === "update" ? (analysis?.writes ?? []) : [];
  const set = listed(written.map((one) => one.column.column));
  const folds = single ? (analysis?.uses ?? []).filter((one) => one.place === "grouping" && one.view === null) : [];
  const per = listed(folds.map((one) => one.column.column));
  const pins = body.where ?? (single ? form.pins.map((one) => one.name) : []);
  const by = listed(pins.map((one) => one.split(".").at(-1)?.replaceAll("`", "") ?? one));
  return [
    set === null || set.length > LONGEST / 2 ? `${verb} ${of}` : `${verb} ${set} of ${of}`,
    by === null ? (per === null ? "" : `per ${per}`) : `by ${by}`,
  ]
    .filter((one) => one !== "")
    .join(" ");
}

/** The columns of its result that have names, as they stand behind a rule's name. */
function resultOf(analysis: Analysis | null): string {
  const columns = listed(
    (analysis?.outputs ?? []).flatMap(({ name }) => (name !== null && /^\w+$/.test(name) ? [name] : [])),
  );
  return columns === null ? "" : ` (${columns})`;
}

function listed(names: readonly string[]): string | null {
  return names.length === 0 ? null : [...new Set(names)].join(", ");
}

/** `orders-agent (learned)`, or with a number where that is taken. */
export function policyNameFor(who: string, taken: ReadonlySet<string>): string {
  const suffix = " (learned)";
  const base = clean(who.slice(0, LONGEST - suffix.length - 4)) || "policy";
  for (let n = 1; ; n += 1) {
    const name = n === 1 ? `${base}${suffix}` : `${base} (learned ${n})`;
    if (!taken.has(name)) return name;
  }
}

/** Without control characters and space at the ends, and no longer than a name may be. */
function clean(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\s]+/gu, " ")
    .trim()
    .slice(0, LONGEST)
    .trim();
}
