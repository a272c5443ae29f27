/** What a statement is for: everything up to `rare` is an honest agent's work. */
export const PURPOSES = [
  /** What the agent is there for. */
  "work",
  /** What drivers and pools send, and transaction control. */
  "housekeeping",
  /** Looks at the schema, as agents do before they write SQL. */
  "metadata",
  /** Comes up a few times a day. */
  "rare",
  /** Takes whole tables. */
  "dump",
  /** Goes through masked columns page by page. */
  "page",
  /** Reaches for masked columns around a corner. */
  "trick",
  /** Looks into other schemas and for what its account may do. */
  "probe",
  /** Changes or deletes everything. */
  "wreck",
  /** Asks for one row after the other. */
  "enumerate",
] as const;
export type Purpose = (typeof PURPOSES)[number];

const HONEST: ReadonlySet<Purpose> = new Set(["work", "housekeeping", "metadata", "rare"]);

/** Whether an agent that does its work sends such a statement. */
export function isHonest(purpose: Purpose): boolean {
  return HONEST.has(purpose);
}

export type BoundParameter = string | number | null;

/** One statement of an agent, ready to be sent. */
export interface AgentStatement {
  readonly sql: string;
  /** What it is prepared and executed with; null: it goes as text. */
  readonly parameters: readonly BoundParameter[] | null;
  readonly purpose: Purpose;
  /** From START TRANSACTION to COMMIT or ROLLBACK, both included. */
  readonly inTransaction: boolean;
  /** Counts the agent's connections: another one means to connect again. */
  readonly session: number;
  /** When it would be sent, in the shop's time. */
  readonly at: Date;
}
