import { LRUCache } from "lru-cache";
import type { Understood } from "@/lib/policy/understand";
import type { TemplateFacts } from "../session/ports";
import { templateFacts } from "./template-facts";

/** Templates of this process, most recently understood ones only: what was forgotten is told again, which changes nothing. */
const MAX_TOLD = 20_000;

/** Tells what templates touch: each when it is first understood, and again when the catalogue has changed that. */
export class ToldTemplates {
  readonly #tell: (facts: TemplateFacts) => void;
  /** What was told, by connection, schema and template. */
  readonly #told = new LRUCache<string, string>({ max: MAX_TOLD });

  constructor(tell: (facts: TemplateFacts) => void) {
    this.#tell = tell;
  }

  tell(connectionName: string, defaultSchema: string | null, understood: Understood): void {
    const key = `${connectionName} ${understood.canonical.templateHash} ${defaultSchema ?? ""}`;
    const facts = templateFacts(connectionName, defaultSchema, understood);
    const { tables, reads, uses, writes } = facts;
    const touched = JSON.stringify([tables, reads, uses, writes]);
    if (this.#told.get(key) === touched) return;
    this.#told.set(key, touched);
    this.#tell(facts);
  }
}
