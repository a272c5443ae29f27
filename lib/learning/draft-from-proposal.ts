import { z } from "zod";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { SallyportError } from "@/lib/errors/error";
import { parseInput } from "@/lib/parse-input";
import { freeRuleName, type PolicyDraft } from "@/lib/policy/draft/draft";
import { getPolicy, type PolicyView } from "@/lib/policy/list-policies";
import { type Policy, type Rule, rule } from "@/lib/policy/rule";
import { decodeChoices, proposedChoices, type RuleChoice } from "@/lib/policy/suggest/choice";
import type { ProposedPolicy } from "@/lib/policy/suggest/model";
import { getProposal } from "./get-proposal";

export const draftFromProposalInput = z.strictObject({
  /** Of the analysis. */
  id: z.ulid(),
  /** Position of the proposed policy. */
  policy: z.int().min(0),
  /** Those that are not named are taken as they were proposed. `rule`: in its place, as somebody changed it. */
  rules: z
    .array(
      z.strictObject({
        index: z.int().min(0),
        take: z.boolean(),
        effect: z.enum(["allow", "review"]).optional(),
        rule: rule.optional(),
      }),
    )
    .max(2000)
    .default([]),
  /** Id of a stored policy of the same connection that gets them; left out: a new one. */
  mergeInto: z.string().min(1).max(64).optional(),
});
export type DraftFromProposal = z.input<typeof draftFromProposalInput>;

/** A draft for the policy editor. */
export interface LearnedDraft {
  readonly draft: PolicyDraft;
  /** The stored policy that it is a draft of; null: a new one. */
  readonly stored: PolicyView | null;
}

/**
 * What a person took of a proposal, as a draft for the policy editor; nothing is saved. Throws FORBIDDEN, INVALID_INPUT, NOT_FOUND, and
 * CONFLICT while the analysis is not done, or where the stored policy is another connection's.
 */
export async function draftFromProposal(ctx: Ctx, input: DraftFromProposal): Promise<LearnedDraft> {
  authorise(ctx, "policies:edit");
  const { id, policy: index, rules, mergeInto } = parseInput(draftFromProposalInput, input, "The choice");
  const { proposed, connection } = await proposedPolicy(ctx, id, index);
  const taken = proposed.rules.flatMap((one, at): Rule[] => {
    const choice = rules.find((wanted) => wanted.index === at);
    if (choice?.take === false) return [];
    const chosen = choice?.rule ?? one.rule;
    return [{ ...chosen, effect: choice?.effect ?? chosen.effect }];
  });
  return draftOf(ctx, { ...proposed.policy, rules: taken }, connection, mergeInto);
}

/**
 * The same from the editor's address: `learned=<analysis>.<position>`, and `take` as `encodeChoices` writes it (left out: everything as
 * proposed). Null where the address asks for nothing. Throws as above.
 */
export async function draftFromAddress(
  ctx: Ctx,
  { learned, take }: { readonly learned?: unknown; readonly take?: unknown },
  mergeInto?: string,
): Promise<LearnedDraft | null> {
  if (typeof learned !== "string") return null;
  authorise(ctx, "policies:edit");
  const [id = "", position = ""] = learned.split(".");
  const { proposed } = await proposedPolicy(ctx, id, /^\d{1,4}$/.test(position) ? Number(position) : -1);
  const choices =
    typeof take === "string" ? decodeChoices(take, proposed.rules.length) : proposedChoices(proposed.rules);
  if (choices === null) throw noSuchProposal();
  const rules = choices.map((choice: RuleChoice, index) =>
    choice === "leave" ? { index, take: false } : { index, take: true, effect: choice },
  );
  return draftFromProposal(ctx, {
    id,
    policy: Number(position),
    rules,
    ...(mergeInto === undefined ? {} : { mergeInto }),
  });
}

async function proposedPolicy(
  ctx: Ctx,
  id: string,
  index: number,
): Promise<{ readonly proposed: ProposedPolicy; readonly connection: string }> {
  const { result, analysis } = await getProposal(ctx, id);
  if (result === null) {
    throw new SallyportError("CONFLICT", "Nothing has been learned yet", { next: "Wait until it is done" });
  }
  const proposed = result.policies[index];
  if (proposed === undefined) throw noSuchProposal();
  return { proposed, connection: analysis.connectionName };
}

const noSuchProposal = () =>
  new SallyportError("NOT_FOUND", "There is no such proposal", {
    next: "Go back to what was learned and choose again",
  });

async function draftOf(
  ctx: Ctx,
  learned: Policy,
  connection: string,
  mergeInto: string | undefined,
): Promise<LearnedDraft> {
  const ordered = allowsFirst(learned.rules);
  if (mergeInto === undefined) return { draft: { ...learned, rules: ordered, connection }, stored: null };
  const stored = await getPolicy(ctx, mergeInto);
  if (stored.connection.name !== connection) {
    throw new SallyportError(
      "CONFLICT",
      `${stored.name} is a policy of ${stored.connection.name}, not of ${connection}`,
      {
        next: "Choose a policy of the connection that was learned from",
      },
    );
  }
  const { id, version, updatedAt, updatedBy, ...content } = stored;
  const draft = { ...content, connection, rules: merged(stored.rules, ordered) };
  return {
    draft: {
      ...draft,
      identities: unique([...stored.identities, ...learned.identities]),
      metadata: learned.metadata === "allow" ? "allow" : stored.metadata,
    },
    stored,
  };
}

/** Those that allow go before the first review, which would win over them; those that ask for one go to the end. */
function merged(stored: readonly Rule[], learned: readonly Rule[]): Rule[] {
  const before = stored.findIndex((one) => one.effect === "review");
  const at = before < 0 ? stored.length : before;
  const rules = [...stored];
  let next = at;
  for (const one of learned) {
    const named = { ...one, name: freeRuleName(one.name, rules) };
    if (one.effect === "allow") {
      rules.splice(next, 0, named);
      next += 1;
    } else rules.push(named);
  }
  return rules;
}

function allowsFirst(rules: readonly Rule[]): Rule[] {
  return [...rules.filter((one) => one.effect === "allow"), ...rules.filter((one) => one.effect !== "allow")];
}

function unique<T>(items: readonly T[]): T[] {
  return [...new Map(items.map((one) => [JSON.stringify(one), one])).values()];
}
