import { eq } from "drizzle-orm";
import { z } from "zod";
import { authorise } from "@/lib/auth/authorise";
import { loadCatalogue } from "@/lib/catalogue/store";
import { connectionName } from "@/lib/connections/model";
import type { Ctx } from "@/lib/ctx";
import { connections } from "@/lib/db/schema";
import { SallyportError } from "@/lib/errors/error";
import { parseInput } from "@/lib/parse-input";
import { budgetList, suddenBehaviour } from "../budget";
import { type Rule, rule } from "../rule";
import { ruleWarnings } from "../rule-warnings";
import { understandTemplate } from "../understand-template";
import { hasHistory, hasMasks, watchWarnings } from "../watch-warnings";
import type { DraftProblem } from "./draft";

/** Rules as they are while someone types: those that are not valid yet are passed over. */
export const draftCheckInput = z.strictObject({
  connection: connectionName,
  rules: z.array(z.looseObject({})).max(2000),
  budgets: z.unknown().optional(),
  sudden: z.unknown().optional(),
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
  const watching = await watchingWarnings(ctx, given);
  const { known } = await loadCatalogue(ctx.db, connection.id);
  if (known === null) return { warnings: watching, templates: {}, schemaKnown: false };
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
  return { warnings: [...warnings, ...watching], templates: Object.fromEntries(templates), schemaKnown: true };
}

async function watchingWarnings(ctx: Ctx, given: z.output<typeof draftCheckInput>): Promise<readonly DraftProblem[]> {
  const budgets = budgetList.safeParse(given.budgets).data;
  const sudden = suddenBehaviour.safeParse(given.sudden).data;
  if (budgets === undefined && sudden === undefined) return [];
  const { connection } = given;
  const world = { history: await hasHistory(ctx.db, connection), masks: await hasMasks(ctx.db, connection) };
  const watching = { ...(budgets === undefined ? {} : { budgets }), ...(sudden === undefined ? {} : { sudden }) };
  return watchWarnings(watching, connection, world);
}
