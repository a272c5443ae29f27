import type { Simulation } from "@/lib/policy/simulate";
import type { AnalysisFacts, Decided, RuleFacts } from "@/lib/policy/simulation";

/** The outcome in one word: an identity that no policy binds gets nowhere, whatever the statement. */
export function effectOf({ policies, result }: Simulation): "allow" | "review" | "deny" {
  if (policies.length === 0 || result.kind === "not_understood") return "deny";
  return isUnsafe(result) ? "deny" : result.verdict.effect;
}

/** The rules let it pass, and it would tell of a masked column. */
function isUnsafe({ verdict, masking }: Decided): boolean {
  return verdict.effect !== "deny" && masking !== null && masking.refusal !== null;
}

/** Of what a rule lacks, as many as a person reads; --json has them all. */
const MAX_REASONS = 3;

const HEADINGS = { allow: "ALLOWED", review: "HELD FOR REVIEW", deny: "DENIED" } as const;

/** The answer of `sallyport check` for people: the outcome first, then why, then how the statement was read. */
export function describeSimulation(simulation: Simulation): string {
  const { connection, policies, result } = simulation;
  const heading = HEADINGS[effectOf(simulation)];
  const lines =
    policies.length === 0
      ? [`${heading}: no policy lets this identity use ${connection.name}`]
      : result.kind === "not_understood"
        ? [`${heading}: not understood: ${result.message}${place(result.position)}`]
        : verdictLines(heading, result);
  if (result.kind === "decided") {
    lines.push(...statementLines(result), ...maskLines(result.masking), ...ruleLines(result));
  }
  if (policies.length > 0) lines.push(`Policies: ${policies.join(", ")}`);
  if (connection.mode === "observe") {
    lines.push(`${connection.name} only observes: what is understood runs, whatever the decision.`);
  }
  return lines.join("\n");
}

function place(position: { readonly line: number; readonly column: number } | null): string {
  return position === null ? "" : ` (line ${position.line}, column ${position.column})`;
}

function verdictLines(heading: string, decided: Decided): string[] {
  const { verdict, nearest, masking } = decided;
  if (isUnsafe(decided) && masking?.refusal) {
    return [`${heading}: ${masking.refusal.message}`, `Instead: ${masking.refusal.next}`, `Rules: ${verdict.reason}`];
  }
  const by = verdict.policy === null || verdict.policy === "" ? "" : ` (policy ${verdict.policy})`;
  return [`${heading}: ${verdict.reason}${by}`, ...(nearest === null ? [] : [`Nearest: ${nearest}`])];
}

function statementLines({ statement }: Decided): string[] {
  const { analysis } = statement;
  return [
    `Read as: ${statement.class} (${statement.group})`,
    `Template: ${statement.template}`,
    ...(statement.sentAs === null ? [] : [`Sent as: ${statement.sentAs}`]),
    ...(analysis === null ? [] : analysisLines(analysis)),
  ];
}

function analysisLines(analysis: AnalysisFacts): string[] {
  const list = (label: string, items: readonly string[]) =>
    items.length === 0 ? [] : [`${label}: ${items.join(", ")}`];
  const tables = analysis.tables.map((one) => {
    const pinned = one.pinned.length === 0 ? "" : `, pinned by ${one.pinned.join(", ")}`;
    return `${one.name} (${one.access}${one.via === null ? "" : ` through ${one.via}`}${pinned})`;
  });
  const { limit } = analysis;
  return [
    ...list("Tables", tables),
    ...list("Columns read", analysis.reads),
    ...list("Columns written", analysis.writes),
    ...list(
      "Functions",
      analysis.functions.map((one) => (one.known ? one.name : `${one.name} (a rule must name it)`)),
    ),
    ...(limit.present ? [`Limit: ${limit.rows ?? "not known yet"}`] : []),
    ...list("Also", analysis.flags),
  ];
}

function maskLines(masking: Decided["masking"]): string[] {
  if (masking === null) return [];
  const hidden = masking.outputs.flatMap(({ position, name, method, columns }) =>
    method === null ? [] : [`  ${position + 1} ${name ?? "(unnamed)"}: ${method}, for ${columns.join(", ")}`],
  );
  const lines = (label: string, items: readonly string[]) =>
    items.length === 0 ? [] : [`${label}: ${items.join(", ")}`];
  return [
    ...(hidden.length === 0 ? [] : ["Hidden result columns:", ...hidden]),
    ...lines(
      "Seen in clear",
      masking.exempt.map(({ column, groups }) => `${column} (exempt: ${groups.join(", ")})`),
    ),
    ...lines("Indexes not used, lest the order of rows tells", masking.avoidedIndexes),
    ...lines("The order of rows may tell a masked column of", masking.openOrder),
  ];
}

function ruleLines({ rules }: Decided): string[] {
  if (rules.length === 0) return ["Rules: none"];
  return ["Rules:", ...rules.map((one) => `  ${one.policy} / ${one.rule} (${one.effect}): ${ruleState(one)}`)];
}

function ruleState({ effect, matched, decided, reasons }: RuleFacts): string {
  if (decided) return "decides";
  if (matched) return "matches";
  if (effect === "deny") return "touches nothing of it";
  const more = reasons.length - MAX_REASONS;
  return `${reasons.slice(0, MAX_REASONS).join("; ")}${more > 0 ? `; and ${more} more` : ""}`;
}
