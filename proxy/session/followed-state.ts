import type { SessionEffect } from "@/lib/sql/utility/utility";
import { STATUS } from "../protocol/constants";
import type { Ruling } from "./gate";

/** What a setting is about, and whether it says all of it. */
interface Setting {
  readonly text: Buffer;
  readonly about: ReadonlySet<string>;
  readonly serial: number;
}

const MAX_SETTINGS = 128;
const MAX_SETTING_BYTES = 16 * 1024;

/** What a session did on its own connection that another one has to be told of, or can never know. */
export class FollowedState {
  #settings: Setting[] = [];
  /** Of the last setting. */
  serial = 0;
  /** More settings than are kept. */
  overflow = false;
  /** The open transaction may have changed rows. */
  changed = false;
  /** LOCK TABLES or an XA transaction may be in force. */
  held = false;
  /** User variables may hold what a query has read. */
  variables = false;

  /** The settings behind one, in the order in which they were made. */
  since(serial: number): readonly Buffer[] {
    return this.#settings.filter((one) => one.serial > serial).map((one) => one.text);
  }

  /** A statement on the own connection is over; `status` as the server has it now, `sent` its text where it may be a setting. */
  note(ruling: Extract<Ruling, { kind: "forward" }>, ok: boolean, status: number, sent: Buffer | null): void {
    const { account, effects } = ruling;
    const ended = ok && effects.some((effect) => effect.kind === "transaction");
    this.changed = (status & STATUS.IN_TRANS) !== 0 && !ended && (this.changed || account?.changes === true);
    this.held ||= ok && account?.holds === true;
    this.variables ||= account?.setsVariables === true;
    if (ok && mayBeSetting(ruling) && !isForNextOnly(ruling, sent)) {
      this.#keep(sent, new Set(effects.flatMap(aboutOf)));
    }
  }

  reset(): void {
    this.#settings = [];
    this.serial += 1;
    this.overflow = false;
    this.changed = false;
    this.held = false;
    this.variables = false;
  }

  /** A setting makes those before it pointless that are about nothing else; the same text does so too. */
  #keep(text: Buffer | null, about: ReadonlySet<string>): void {
    if (text === null || text.length > MAX_SETTING_BYTES) {
      this.overflow = true;
      return;
    }
    const left = this.#settings.filter(
      (one) => !one.text.equals(text) && (one.about.size === 0 || ![...one.about].every((name) => about.has(name))),
    );
    this.serial += 1;
    this.#settings = [...left, { text, about, serial: this.serial }];
    this.overflow ||= this.#settings.length > MAX_SETTINGS;
  }
}

/** Whether another connection has to be told of it. What decides how statements are read is told without its text. */
export function mayBeSetting({ effects, decision }: Extract<Ruling, { kind: "forward" }>): boolean {
  return decision.statementClass === "set_transaction" || effects.some((effect) => aboutOf(effect).length > 0);
}

/** SET TRANSACTION without SESSION: gone with the session's next transaction. */
function isForNextOnly({ decision }: Extract<Ruling, { kind: "forward" }>, sent: Buffer | null): boolean {
  return (
    decision.statementClass === "set_transaction" &&
    !/^\s*SET\s+(?:SESSION|LOCAL)\s/i.test(sent?.toString("latin1") ?? "")
  );
}

function aboutOf(effect: SessionEffect): readonly string[] {
  switch (effect.kind) {
    case "variable":
      return effect.name === "collation_connection" ? [] : [effect.name];
    case "timeLimit":
      return ["time limit"];
    case "userVariable":
      return [`@${effect.name}`];
    case "schema":
    case "characterSet":
    case "sqlMode":
    case "autocommit":
    case "transaction":
      return [];
    default:
      return effect satisfies never;
  }
}
