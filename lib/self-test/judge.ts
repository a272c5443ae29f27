import type { EnforcementMode } from "@/lib/connections/model";
import { describeRefusal } from "@/lib/masking/refusal";
import { type Attack, columnText, type Hides, type Passing } from "./attack";
import type { Foreseen } from "./foresee";
import { type Controls, type Heard, leakedColumn, type Reading } from "./leak";
import type { AttackOutcome } from "./model";

/** What came back for one statement; its texts in memory only. */
export interface Answer extends Heard {
  readonly error: {
    readonly errno: number;
    /** Of the gateway's own refusals. */
    readonly code: string | null;
  } | null;
}

/** What became of the statements of one attack, up to the last that was sent. */
export interface Observed {
  readonly answers: readonly Answer[];
  /** Of the first that was not sent; null when all were, or an error ended it. */
  readonly notSent: Foreseen | null;
  /** Why it could not be tried; null when it was. */
  readonly untried: string | null;
  /** The rule that decides on the last one; null where none does. */
  readonly rule: string | null;
}

export interface Judgement {
  readonly outcome: AttackOutcome;
  readonly why: string;
  readonly mend: string | null;
}

const fine = (outcome: "stopped" | "harmless", why: string): Judgement => ({ outcome, why, mend: null });

/** What one attack shows. Nothing of what it says holds a value. */
export function judge(attack: Attack, observed: Observed, controls: Controls, mode: EnforcementMode): Judgement {
  const { answers, notSent, untried } = observed;
  const { expects } = attack;
  const reading = expects.kind === "hides" ? (controls.get(expects.over) ?? NOTHING_READ) : NOTHING_READ;
  if (expects.kind === "hides") {
    // A text of the attack itself that comes back tells nothing.
    const isNew = (text: string) => text.length < ECHO || !attack.statements.some((sql) => sql.includes(text));
    const heard: Heard = {
      cells: answers.flatMap((answer) => answer.cells).filter(isNew),
      messages: answers.flatMap((answer) => answer.messages).filter(isNew),
    };
    const leaked = leakedColumn(heard, expects, reading);
    if (leaked !== null) {
      const where = answers.at(-1)?.error == null ? "A cell of the answer" : "The error message or an answer";
      return {
        outcome: "failed",
        why: `${where} held a value of ${columnText(leaked)} that its mask does not show`,
        mend: `Leave ${columnText(leaked)} out of the rules that let it be read, and tell the makers of the gateway`,
      };
    }
  }
  if (untried !== null) {
    return { outcome: "untried", why: untried, mend: "Run the test again when nothing stands in its way" };
  }
  if (notSent !== null) return judgeUnsent(attack, notSent, mode);
  const refused = answers.find((answer) => answer.error?.code != null)?.error?.code;
  const broken = refused === undefined || refused === null ? undefined : BROKEN[refused];
  if (broken !== undefined) {
    return { outcome: "untried", why: broken, mend: "Run the test again when nothing stands in its way" };
  }
  if (refused !== undefined && refused !== null)
    return fine("stopped", REFUSALS[refused] ?? `The gateway refused it (${refused})`);
  const failed = answers.find((answer) => answer.error !== null)?.error;
  if (failed !== undefined && failed !== null) {
    return fine("harmless", `The server answered with error ${failed.errno}, and nothing in it was hidden`);
  }
  if (expects.kind === "hides") return answered(expects, reading);
  return observeOnly(mode, passed(expects.passing, observed.rule));
}

/** Shorter texts stand in statements by accident. */
const ECHO = 5;
const NOTHING_READ: Reading = { values: new Map(), open: new Set() };

/** An answer without a leak shows something only where it is known what a leak would be. */
function answered({ columns }: Hides, { values }: Reading): Judgement {
  const unread = columns.find((column) => !values.has(columnText(column)));
  if (unread !== undefined) {
    return {
      outcome: "untried",
      why: `It was answered, and the values of ${columnText(unread)} could not be read to look for them in the answer`,
      mend: "Run the test again; if that stays so, see whether the upstream is slow or refuses to read the table",
    };
  }
  const known = columns.some((column) => (values.get(columnText(column)) ?? []).length > 0);
  return fine(
    "harmless",
    known
      ? "It was answered, and no value that the mask hides was in the answer"
      : "It was answered, and there was no value to hide: the rows have none, or the upstream account may not read it",
  );
}

/** What it means that an attack got through, with the rule that let it where that is the reason. */
function passed({ subject, why, outcome, mend }: Passing, rule: string | null): Judgement & Pick<Passing, "outcome"> {
  if (subject === undefined) return { outcome, why, mend };
  return { outcome, why: `${rule === null ? "Another rule" : `The rule "${rule}"`} ${why}`, mend };
}

/** Answers that say nothing of the policy. */
const BROKEN: Readonly<Record<string, string>> = {
  UNAVAILABLE: "The gateway refused it as something that it needs was not there",
  SESSION_ENDED: "The session broke, and there was no answer",
};

const REFUSALS: Readonly<Record<string, string>> = {
  POLICY_DENIED: "The policy denied it",
  NOT_UNDERSTOOD: "The gateway does not let such a statement pass, whatever the rules say",
  MASK_UNSAFE: "The masks refused it, or hid what the server said of it",
  LIMIT_EXCEEDED: "A limit of the connection stopped it",
  APPROVAL_PENDING: "It would wait for a reviewer",
};

/** A statement that can do more than read, and that the gateway would let pass or hold. */
function judgeUnsent({ family, expects }: Attack, foreseen: Foreseen, mode: EnforcementMode): Judgement {
  if (foreseen.kind === "not_understood") return fine("stopped", REFUSALS.NOT_UNDERSTOOD ?? "");
  const { outcome } = foreseen;
  if (outcome.kind === "held")
    return fine("stopped", "It would wait for a reviewer; it was not sent, so that nobody is asked");
  if (outcome.kind === "unsafe") return fine("stopped", describeRefusal(outcome.refusal));
  if (outcome.kind === "denied") return fine("stopped", `The policy denies it: ${outcome.verdict.reason}`);
  const { rule, policy } = outcome.verdict;
  const meant = mode === "enforce" && family === "effects" && rule !== null;
  if (meant) {
    return {
      outcome: "setting",
      why: `The rule "${rule}" of ${policy ?? "a policy"} allows it; it was not sent`,
      mend: `Take it out of the rule "${rule}", or have it reviewed`,
    };
  }
  const passing =
    expects.kind === "refused"
      ? passed(expects.passing, rule)
      : ({ outcome: "failed", why: "It would have been executed", mend: "See which rule lets it pass" } as const);
  const { why, ...rest } = observeOnly(mode, passing);
  return { ...rest, why: `${why}; it was not sent` };
}

/** Where nothing is enforced, that is what has to change first. */
function observeOnly(
  mode: EnforcementMode,
  passing: Pick<Judgement, "why" | "mend"> & { readonly outcome: "failed" | "setting" },
): Judgement {
  if (mode === "enforce") return passing;
  return { ...passing, mend: "Set the connection's mode to enforce: in observe mode rules block nothing" };
}
