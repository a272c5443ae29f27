import { eq } from "drizzle-orm";
import { z } from "zod";
import { authorise } from "@/lib/auth/authorise";
import { loadCatalogue } from "@/lib/catalogue/store";
import { connectionName } from "@/lib/connections/model";
import type { Ctx } from "@/lib/ctx";
import { connections } from "@/lib/db/schema";
import { SallyportError } from "@/lib/errors/error";
import { parseInput } from "@/lib/parse-input";
import { type Rule, rule } from "../rule";
import { ruleWarnings } from "../rule-warnings";
import { understandTemplate } from "../understand-template";
import type { DraftProblem } from "./draft";

/** Rules as they are while someone types: those that are not valid yet are passed over. */
export const draftCheckInput = z.strictObject({
  connection: connectionName,
  rules: z.array(z.looseObject({})).max(2000),
});

export type TemplateFinding =
  | { readonly ok: true; readonly placeholders: number }
  | { readonly ok: false; readonly why: string };

export interface DraftFindings {
  /** Names that the connection's schema does not have. Paths are meant from the draft. */
  readonly warnings: readonly DraftProblem[];
  /** What became of the templates, by position of their rule. */
  readonly templates: Readonly<Record<number, TemplateFinding>>;
  /** Whether the connection's schema is known: without it there is nothing to compare with. */
  readonly schemaKnown: boolean;
}

/** Compares a draft's rules with the schema of their connection. Throws FORBIDDEN, NOT_FOUND, INVALID_INPUT. */
export async function checkDraft(ctx: Ctx, input: unknown): Promise<DraftFindings> {
  authorise(ctx, "policies:view");
  const given = parseInput(draftCheckInput, input, "The draft");
  const [connection] = await ctx.db
    .select({ id: connections.id, schema: connections.schema })
    .from(connections)
    .where(eq(connections.name, given.connection));
  if (connection === undefined) {
    throw new SallyportError("NOT_FOUND", `There is no connection ${given.connection}`, { next: "Choose another one" });
  }
  const { known } = await loadCatalogue(ctx.db, connection.id);
  if (known === null) return { warnings: [], templates: {}, schemaKnown: false };
  const { catalogue } = known;
  const valid: { readonly at: number; readonly rule: Rule }[] = given.rules.flatMap((one, at) => {
    const { success, data } = rule.safeParse(one);
    return success ? [{ at, rule: data }] : [];
  });
  const rules = valid.map((one) => one.rule);
  const warnings = ruleWarnings(rules, catalogue, connection.schema).flatMap(({ path: [index, ...rest], message }) => {
    const at = valid[Number(index)]?.at;
    return at === undefined || rest[0] === "template" ? [] : [{ path: ["rules", at, ...rest], message }];
  });
  const templates = valid.flatMap(({ at, rule: { template } }): [number, TemplateFinding][] => {
    if (template === undefined) return [];
    const understood = understandTemplate(template, {
      dialect: catalogue.snapshot.flavour,
      catalogue,
      defaultSchema: connection.schema,
      pipesAsConcat: false,
    });
    return [
      [
        at,
        understood.ok
          ? { ok: true, placeholders: understood.fixed.filter((value) => value === null).length }
          : { ok: false, why: understood.why },
      ],
    ];
  });
  return { warnings, templates: Object.fromEntries(templates), schemaKnown: true };
}
