import { LRUCache } from "lru-cache";
import type { ParseAway } from "@/lib/sql/analyse";
import type { Catalogue } from "@/lib/sql/catalogue";
import type { StatementClass } from "@/lib/sql/taxonomy";
import { isDollarProbe } from "@/lib/sql/utility/dollar-probe";
import type { Meaning } from "../decidable";
import { type Subject, usesTables } from "../subject";
import { type Misunderstood, statementContext, type Understood, understand, understandAway } from "../understand";
import type { StatementValue } from "../value";

/** A recorded statement, as far as it is decided on again. */
export interface RecordedStatement {
  readonly id: string;
  readonly sessionId: string;
  readonly identityId: string;
  readonly at: Date;
  readonly command: "query" | "prepare" | "execute" | "init_db" | "field_list";
  /** Names resolve by it. */
  readonly defaultSchema: string | null;
  /** Of COM_INIT_DB and COM_FIELD_LIST the schema and the table. */
  readonly sql: string;
  readonly sqlCut: boolean;
  /** What an execution was bound to. */
  readonly parameters: readonly StatementValue[] | null;
  readonly templateHash: string | null;
  readonly errorNumber: number | null;
  /** Null when it never went upstream. */
  readonly waitedUs: number | null;
}

/** What a recorded statement means by today's catalogue. One object per template. */
export type Reading =
  | UnderstoodReading
  | { readonly kind: "misunderstood"; readonly why: string }
  /** A protocol command without a statement. */
  | { readonly kind: "command"; readonly subject: Subject }
  | { readonly kind: "probe" };

export interface UnderstoodReading extends Meaning {
  readonly kind: "understood";
  readonly templateHash: string;
  /** It has a `?`. */
  readonly hasParameters: boolean;
  /** The gateway answers it itself, so that it can not be prepared. */
  readonly own: boolean;
  readonly readsWarnings: boolean;
  /** The server forgets older warnings when it has run. */
  readonly clearsWarnings: boolean;
}

/** Templates that are kept; what is forgotten is understood anew. */
const MAX_TEMPLATES = 20_000;
/** Characters of texts that are kept beside them: what only its text identifies. */
const MAX_TEXTS = 16 * 1024 * 1024;
const SCHEMAS = 64;

/** Understands recorded statements, each template of a default schema once. */
export class Readings {
  readonly #catalogue: Catalogue;
  readonly #parse: ParseAway;
  readonly #templates = new LRUCache<string, LRUCache<string, Reading>>({ max: SCHEMAS });
  readonly #texts = new LRUCache<string, Reading>({ maxSize: MAX_TEXTS, sizeCalculation: (_, key) => key.length + 1 });

  /** `parse` takes what is too large for the caller's thread. */
  constructor(catalogue: Catalogue, parse: ParseAway) {
    this.#catalogue = catalogue;
    this.#parse = parse;
  }

  /** What the statement means; its text must be whole. A promise only where it is parsed elsewhere; never rejects unless that does. */
  read(statement: RecordedStatement): Reading | Promise<Reading> {
    const { command, defaultSchema, sql, templateHash } = statement;
    // A schema may not be named by the empty text.
    const schema = defaultSchema ?? "";
    if (templateHash === null || command === "init_db" || command === "field_list") {
      const cache = this.#texts;
      const key = `${command === "execute" ? "prepare" : command} ${schema}\0${sql}`;
      return cache.get(key) ?? this.#make(statement, (reading) => void cache.set(key, reading));
    }
    let known = this.#templates.get(schema);
    if (known === undefined) {
      known = new LRUCache<string, Reading>({ max: MAX_TEMPLATES });
      this.#templates.set(schema, known);
    }
    const cache = known;
    return cache.get(templateHash) ?? this.#make(statement, (reading) => void cache.set(templateHash, reading));
  }

  #make(statement: RecordedStatement, keep: (reading: Reading) => void): Reading | Promise<Reading> {
    const { command, defaultSchema, sql } = statement;
    const kept = (reading: Reading) => {
      keep(reading);
      return reading;
    };
    switch (command) {
      case "init_db":
        return kept({ kind: "command", subject: { kind: "use", class: "use", schema: sql } });
      case "field_list":
        return kept(this.#fields(defaultSchema, sql));
      case "query":
      case "prepare":
      case "execute": {
        const bytes = Buffer.from(sql, "utf8");
        if (command === "query" && isDollarProbe(bytes)) return kept({ kind: "probe" });
        const context = statementContext(this.#catalogue, defaultSchema);
        const understood = understand(bytes, context);
        if (understood.ok || understood.code !== "TOO_COMPLEX") return kept(readingOf(understood));
        return understandAway(bytes, context, this.#parse).then((result) => kept(readingOf(result)));
      }
      default:
        return command satisfies never;
    }
  }

  #fields(schema: string | null, table: string): Reading {
    const known = schema === null ? null : this.#catalogue.table(schema, table);
    if (known === null) return { kind: "misunderstood", why: `the table ${table} is not known` };
    return { kind: "command", subject: { kind: "metadata", class: "show", objects: [known.base] } };
  }
}

function readingOf(result: Understood | Misunderstood): Reading {
  if (!result.ok) return { kind: "misunderstood", why: result.message };
  const { subject, analysis, canonical, kill, forward, readsWarnings } = result;
  return {
    kind: "understood",
    subject,
    analysis,
    templateHash: canonical.templateHash,
    hasParameters: canonical.literals.some(({ kind }) => kind === "parameter"),
    own: kill !== null || forward === "nothing",
    readsWarnings,
    clearsWarnings: usesTables(subject),
  };
}

/** Null: of what is not understood, nothing is known. */
export function classOf(reading: Reading): StatementClass | null {
  switch (reading.kind) {
    case "understood":
    case "command":
      return reading.subject.class;
    case "probe":
      return "select";
    case "misunderstood":
      return null;
    default:
      return reading satisfies never;
  }
}
