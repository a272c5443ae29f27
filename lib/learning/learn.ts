import { inArray } from "drizzle-orm";
import type { AnalysisTools } from "@/lib/analyses/analyst";
import { analyst } from "@/lib/analyses/analyst";
import type { Db } from "@/lib/db/client";
import { identities, policies } from "@/lib/db/schema";
import { maskScope } from "@/lib/masking/mask-scope";
import { compileMasks } from "@/lib/masking/mask-set";
import {
  LEARN_KIND,
  type LearnInput,
  type LearnResult,
  learnInput,
  type ProposedPolicy,
} from "@/lib/policy/suggest/model";
import { Observations } from "@/lib/policy/suggest/observations";
import { propose } from "@/lib/policy/suggest/propose";
import { TrafficReader } from "@/lib/policy/suggest/traffic-reader";
import { readTraffic } from "@/lib/statements/traffic";
import { air, airily } from "./air";
import { type LearningWorld, readWorld } from "./world";

/** Proposes policies from a part of the record; a console does it in the background. */
export const learnAnalyst = analyst(LEARN_KIND, learnInput, learn);

type Identity = typeof identities.$inferSelect;

/** Everything seen, by whom a policy would be for. */
interface Seen {
  readonly identities: Map<string, Identity>;
  readonly observations: Observations;
}

/** Throws NOT_FOUND for an unknown connection, UNAVAILABLE while its schema is not known. */
async function learn(db: Db, input: LearnInput, tools: AnalysisTools): Promise<LearnResult> {
  const world = await readWorld(db, input.connection);
  const seen = await readAll(db, input, world, tools);
  const taken = new Set((await db.select({ name: policies.name }).from(policies)).map((one) => one.name));
  const proposed: ProposedPolicy[] = [];
  for (const { identities: who, observations } of seen) {
    tools.progress(0.9 + (0.1 * proposed.length) / seen.length, "Writing rules");
    const steps = propose({
      identities: [...who.values()].map(({ id, displayName: name, kind, clientId, subject }) => ({
        id,
        name,
        kind,
        clientId,
        subject,
      })),
      observations,
      context: world.context,
      takenNames: taken,
    });
    const policy = await airily(steps, tools.signal);
    taken.add(policy.policy.name);
    proposed.push(policy);
  }
  proposed.sort((a, b) => b.statements - a.statements);
  return { statements: proposed.reduce((sum, one) => sum + one.statements, 0), policies: proposed };
}

async function readAll(db: Db, input: LearnInput, world: LearningWorld, tools: AnalysisTools): Promise<Seen[]> {
  const [since, until] = [new Date(input.since), new Date(input.until)];
  const reader = new TrafficReader(world.context);
  const scopeOf = maskScopes(world);
  const known = new Map<string, Identity>();
  const seen = new Map<string, Seen>();
  const wanted = input.identities.length === 0 ? {} : { identityIds: input.identities };
  let read = 0;
  const connection = { id: world.connectionId, name: input.connection };
  for await (const batch of readTraffic(db, { connection, since, until, ...wanted })) {
    tools.signal.throwIfAborted();
    await readIdentities(db, new Set(batch.map((one) => one.identityId)), known);
    for (const one of batch) {
      const identity = known.get(one.identityId);
      // Nothing could bind somebody of whom nothing is known any more.
      if (identity === undefined) continue;
      const key = input.together ? "" : identity.id;
      const who = seen.get(key) ?? { identities: new Map<string, Identity>(), observations: new Observations() };
      seen.set(key, who);
      who.identities.set(identity.id, identity);
      reader.read(one, scopeOf(identity.groups), who.observations);
      read += 1;
      await air(tools.signal);
    }
    const at = batch.at(-1)?.at.getTime() ?? since.getTime();
    const share = (at - since.getTime()) / (until.getTime() - since.getTime());
    tools.progress(0.9 * share, `Reading: ${read} statements, ${reader.templates} templates`);
  }
  return [...seen.values()];
}

/** Adds those that are not known yet. */
async function readIdentities(db: Db, ids: ReadonlySet<string>, known: Map<string, Identity>): Promise<void> {
  const missing = [...ids].filter((id) => !known.has(id));
  if (missing.length === 0) return;
  for (const row of await db.select().from(identities).where(inArray(identities.id, missing))) known.set(row.id, row);
}

/** Masks hold by groups, so that identities of the same ones share them. */
function maskScopes({ masks, context }: LearningWorld): (groups: readonly string[]) => ReturnType<typeof maskScope> {
  const scopes = new Map<string, ReturnType<typeof maskScope>>();
  return (groups) => {
    const key = JSON.stringify(groups);
    const known = scopes.get(key);
    if (known !== undefined) return known;
    const scope = maskScope(compileMasks(masks, groups), context.catalogue);
    scopes.set(key, scope);
    return scope;
  };
}
