import { createHash } from "node:crypto";
import { readContexts } from "./context";
import { literalRoles } from "./literal-roles";
import { serverText } from "./server-text";
import { templateText, typedPlaceholder, untypedPlaceholder } from "./template-text";
import type { Hazard, Lexed, Literal } from "./token";

/** The simplified text for the SQL parser spells literal number i as this plus i. */
export const PLACEHOLDER_BASE = 1_000_000;

/**
 * What a literal is for, as far as it can be told from the tokens around it.
 * - `value`: any value; the template holds a typed placeholder.
 * - `limit`, `offset`: row counts; the template holds a placeholder, residual checks read the value.
 * - `kept`: carries meaning (alias, ORDER BY position, JSON path, date format, separator ...) and stays in the template as it is.
 */
export type LiteralRole = "value" | "limit" | "offset" | "kept";

export interface CanonicalLiteral extends Literal {
  readonly role: LiteralRole;
}

export interface Canonical {
  /** What goes to the server: no comments, escapes re-quoted, no trailing semicolon. */
  readonly server: string;
  /** The original bytes say exactly the same as `server` and may be forwarded. */
  readonly unchanged: boolean;
  /**
   * The statement's identity: reserved words in upper case, one spacing, typed placeholders (`:s :i :d :f :x :b`, `?`) for all literals
   * that are not `kept`. Never truncated. Equal templates mean equal token sequences but for the values of those literals.
   */
  readonly template: string;
  /** The template with `?` for every placeholder: what people read and what template rules are compared with. */
  readonly pattern: string;
  /** SHA-256 of the template in hex, computed when first read. */
  readonly templateHash: string;
  readonly literals: readonly CanonicalLiteral[];
}

/** Hazards that make the server text differ from the bytes that came. */
const REWRITING: ReadonlySet<Hazard> = new Set(["comment", "escape", "semicolon", "nul_in_string"]);

/** All texts of a lexed statement, each built when first read. */
export function canonicalise(lexed: Lexed): Canonical {
  return new LazyCanonical(lexed);
}

class LazyCanonical implements Canonical {
  readonly unchanged: boolean;
  private readonly lexed: Lexed;
  private literalsRead: readonly CanonicalLiteral[] | null = null;
  private serverText: string | null = null;
  private templateText: string | null = null;
  private hash: string | null = null;

  constructor(lexed: Lexed) {
    this.lexed = lexed;
    this.unchanged = !lexed.hazards.some((hazard) => REWRITING.has(hazard));
  }

  get literals(): readonly CanonicalLiteral[] {
    if (this.literalsRead === null) {
      const roles = literalRoles(this.lexed, readContexts(this.lexed.tokens));
      this.literalsRead = this.lexed.literals.map((literal, index) => ({ ...literal, role: roles[index] ?? "kept" }));
    }
    return this.literalsRead;
  }

  get server(): string {
    this.serverText ??= this.unchanged ? this.lexed.source.all : serverText(this.lexed);
    return this.serverText;
  }

  get template(): string {
    this.templateText ??= templateText(this.lexed, this.literals, typedPlaceholder);
    return this.templateText;
  }

  get pattern(): string {
    return templateText(this.lexed, this.literals, untypedPlaceholder);
  }

  get templateHash(): string {
    this.hash ??= createHash("sha256").update(this.template).digest("hex");
    return this.hash;
  }
}
