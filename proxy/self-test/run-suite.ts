import type { AnalysisTools } from "@/lib/analyses/analyst";
import type { TokenKeys } from "@/lib/masking/cell";
import { type Attack, columnText, tableText } from "@/lib/self-test/attack";
import { foresee, maySend } from "@/lib/self-test/foresee";
import { generateSuite } from "@/lib/self-test/generate";
import { type Answer, judge, type Observed } from "@/lib/self-test/judge";
import type { Control, Controls, Reading } from "@/lib/self-test/leak";
import type { AttackResult } from "@/lib/self-test/model";
import { pinnedColumns } from "@/lib/self-test/pinned-columns";
import { shownOf } from "@/lib/self-test/shown";
import type { TargetColumn } from "@/lib/self-test/targets";
import type { AttackedWorld } from "@/lib/self-test/world";
import type { UpstreamTarget } from "../session/ports";
import { ControlReader, type RawReading } from "./control-reader";
import type { Door } from "./door";
import { TestClient } from "./test-client";

/** What one run sends at most; attacks beyond are told as untried. */
export const MOST_STATEMENTS = 400;

export interface SuiteRun {
  readonly world: AttackedWorld;
  readonly door: Door;
  /** With the gateway's own account. */
  readonly target: UpstreamTarget;
  /** The connection's name: what a client logs in with. */
  readonly user: string;
  readonly tokens: TokenKeys;
  /** The record of the newest statement of the test's sessions. */
  readonly statements: { last: string | null };
  readonly tools: AnalysisTools;
}

/** Makes the attacks, reads what must not be seen, and tries one attack after the other. */
export async function runSuite(
  run: SuiteRun,
): Promise<{ readonly attacks: readonly AttackResult[]; readonly leftOut: number }> {
  const { world, door, user, tools } = run;
  tools.progress(0, "Reads the values that must not be seen, in memory only");
  const { suite, controls } = await prepare(run);
  const client = new TestClient(door, user, tools.signal);
  const sent = { count: 0 };
  const attacks: AttackResult[] = [];
  try {
    for (const attack of suite.attacks) {
      tools.signal.throwIfAborted();
      tools.progress(attacks.length / suite.attacks.length, attack.tries);
      run.statements.last = null;
      const observed = await attempt(attack, run, client, sent);
      const { outcome, why, mend } = judge(attack, observed, controls, world.mode);
      const { id, family, tries, statements, bound, about } = attack;
      attacks.push({
        id,
        family,
        tries,
        statements,
        bound,
        about,
        outcome,
        why,
        mend,
        statementId: run.statements.last,
      });
    }
  } finally {
    client.close();
  }
  return { attacks, leftOut: suite.leftOut };
}

async function prepare({ world, target, tokens }: SuiteRun) {
  const reader = await ControlReader.open(target, world.catalogue.snapshot.flavour);
  try {
    const suite = generateSuite(world, await reader.pins(pinnedColumns(world)));
    const controls = new Map<string, Reading>();
    const columns = suite.targets.flatMap((one) => one.columns);
    for (const one of suite.targets) {
      controls.set(tableText(one.table), readingOf(await reader.table(one), columns, tokens));
    }
    for (const one of suite.views) {
      const { values, open } = readingOf(await reader.view(one), columns, tokens);
      // What the view computes is made of values of the tables behind it, and so is what it shows by mistake.
      const behind = one.hidden.flatMap((column) => {
        const name = columnText(column);
        const known = controls.get(tableText({ schema: column.schema, name: column.table }))?.values.get(name);
        const own = values.get(name);
        return known === undefined && own === undefined ? [] : [[name, [...(own ?? []), ...(known ?? [])]] as const];
      });
      const real = new Set(behind.flatMap(([, all]) => all.map((control) => control.value)));
      const tables = one.hidden.flatMap(({ schema, table }) => [
        ...(controls.get(tableText({ schema, name: table }))?.open ?? []),
      ]);
      const shown = [...open].filter((value) => !real.has(value));
      controls.set(tableText(one.view), { values: new Map(behind), open: new Set([...shown, ...tables]) });
    }
    return { suite, controls: controls satisfies Controls };
  } finally {
    reader.close();
  }
}

function readingOf({ values, open }: RawReading, columns: readonly TargetColumn[], tokens: TokenKeys): Reading {
  const controls = columns.flatMap((column): (readonly [string, readonly Control[]])[] => {
    const name = columnText(column.base);
    const read = values.get(name);
    return read === undefined ? [] : [[name, read.map((value) => ({ value, shown: shownOf(column, value, tokens) }))]];
  });
  return { values: new Map(controls), open };
}

async function attempt(
  { statements, bound }: Attack,
  { world }: SuiteRun,
  client: TestClient,
  sent: { count: number },
): Promise<Observed> {
  const answers: Answer[] = [];
  let rule: string | null = null;
  for (const [at, sql] of statements.entries()) {
    const values = at === statements.length - 1 ? bound : null;
    const foreseen = foresee(sql, values, world);
    rule = foreseen.kind === "decided" ? foreseen.outcome.verdict.rule : null;
    if (!maySend(foreseen)) return { answers, notSent: foreseen, untried: null, rule };
    if (sent.count >= MOST_STATEMENTS) {
      return { answers, notSent: null, untried: `A self-test sends at most ${MOST_STATEMENTS} statements`, rule };
    }
    sent.count += 1;
    const answer = await client.ask(sql, values);
    if (answer === null) {
      return {
        answers,
        notSent: null,
        untried: "The limit of statements in a minute did not let it through in time",
        rule,
      };
    }
    answers.push(answer);
    // What the gateway refuses leaves nothing behind for the steps that follow.
    if (answer.error?.code != null) break;
  }
  return { answers, notSent: null, untried: null, rule };
}
