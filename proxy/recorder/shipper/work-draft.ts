import type { TemplateFacts } from "../../session/ports";
import type { SpoolPlace } from "../spool/position";
import { inKeyOrder, Rollups } from "./rollups";
import type { AuditRow, ChunkDraft, SessionRow, SessionTotals, StatementRow, TemplateKey, Work } from "./work";

export function templateKey({ connectionName, templateHash, defaultSchema }: TemplateKey): string {
  return `${connectionName}\0${templateHash}\0${defaultSchema}`;
}

/** What gathers for one transaction. */
export class WorkDraft {
  readonly starts: SessionRow[] = [];
  readonly statements: StatementRow[] = [];
  readonly finished: StatementRow[] = [];
  readonly audits: AuditRow[] = [];
  readonly ends: Work["ends"][number][] = [];
  readonly totals: SessionTotals[] = [];
  /** By `templateKey`: the latest facts count. */
  readonly templates = new Map<string, TemplateFacts>();
  readonly rollups = new Rollups();
  readonly chunks: ChunkDraft[] = [];
  readonly #used = new Map<string, TemplateKey>();
  #usedAt: Date | null = null;

  /** Notes that a known template was used again. */
  use(key: TemplateKey, at: Date): void {
    this.#used.set(templateKey(key), key);
    if (this.#usedAt === null || at > this.#usedAt) this.#usedAt = at;
  }

  /** All of it; templates in the order of their keys, as every writer goes through them. */
  seal(place: SpoolPlace, sequence: number): Work {
    const { starts, statements, finished, audits, ends, totals, chunks } = this;
    return {
      ...{ starts, statements, finished, audits, ends, totals, chunks, place, sequence },
      templates: inKeyOrder(this.templates),
      used: inKeyOrder(this.#used),
      usedAt: this.#usedAt,
      minutes: this.rollups.minutes,
      periods: this.rollups.periods,
      reads: this.rollups.reads,
      uses: this.rollups.uses,
    };
  }
}
