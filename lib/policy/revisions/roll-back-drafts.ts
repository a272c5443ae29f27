import { changesUnseen } from "@/lib/connections/changes-unseen";
import { masksAfter } from "@/lib/masks/confirm-masks";
import type { Change, Stored } from "../apply/plan";
import { type ImpactDraft, masksImpact, modeImpact, policyImpact } from "../impact/draft";
import { limitsLoosen } from "../impact/limits-loosen";
import { policyOnlyNarrows, removalOnlyNarrows } from "../impact/policy-narrows";
import { contentOf } from "../policy-columns";

/** What a rollback makes of one connection that may give somebody more there. */
export interface RollBackDraft {
  readonly draft: ImpactDraft;
  /** The budgets of a policy, or what it does about new behaviour, loosen. */
  readonly loosens: boolean;
  /** It may widen something that no impact tells of. */
  readonly unseen: boolean;
}

/** Those parts of a rollback, one for each connection, that have to be confirmed; what can only narrow is left out. Pure. */
export function rollBackDrafts(plan: readonly Change[], stored: Stored): readonly RollBackDraft[] {
  return stored.connections
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(({ id, name }) =>
      draftOf(
        name,
        plan,
        stored.masks.filter((one) => one.connectionId === id),
        stored.policies.some((one) => one.connectionId === id),
      ),
    );
}

function draftOf(connection: string, plan: readonly Change[], masks: Stored["masks"], ruled: boolean): RollBackDraft[] {
  const policies: ImpactDraft["policies"][number][] = [];
  const without: string[] = [];
  const changed: Parameters<typeof masksAfter>[1]["changed"][number][] = [];
  const removed: string[] = [];
  let mode: ImpactDraft["mode"];
  let widens = false;
  let loosens = false;
  let unseen = false;
  for (const change of plan) {
    switch (change.kind) {
      case "update connection":
        if (change.row.name !== connection) break;
        unseen = (ruled || masks.length > 0) && changesUnseen(change.row, { ...change.row, ...change.values });
        widens ||= unseen;
        if (change.values.mode === change.row.mode) break;
        mode = change.values.mode;
        widens ||= mode === "observe";
        break;
      case "create mask":
      case "update mask":
        if (change.connection === connection) changed.push(change.content);
        break;
      case "delete mask":
        if (change.connection === connection) removed.push(change.row.column);
        break;
      case "create policy": {
        if (change.connection !== connection) break;
        const after = { name: change.name, ...change.content };
        policies.push(...policyImpact(connection, null, after).policies);
        widens ||= !policyOnlyNarrows(null, after);
        break;
      }
      case "update policy": {
        const { name } = change.row;
        const [before, after] = [
          { name, ...change.before },
          { name, ...change.content },
        ];
        if (change.connection === connection) {
          const stays = change.connectionBefore === connection;
          policies.push(...policyImpact(connection, null, after).policies);
          widens ||= !policyOnlyNarrows(stays ? before : null, after);
          loosens ||= stays && limitsLoosen(before, after);
        } else if (change.connectionBefore === connection) {
          without.push(name);
          widens ||= !removalOnlyNarrows(before);
        }
        break;
      }
      case "delete policy":
        if (change.connection !== connection) break;
        without.push(change.row.name);
        widens ||= !removalOnlyNarrows(contentOf(change.row));
        break;
      // A rollback neither makes a connection nor deletes one.
      case "create connection":
      case "delete connection":
        break;
      default:
        return change satisfies never;
    }
  }
  const hides = changed.length + removed.length === 0 ? null : masksAfter(masks, { changed, removed });
  widens ||= hides?.onlyNarrows === false;
  if (!widens) return [];
  const draft = {
    ...(hides === null ? {} : masksImpact(connection, hides.after)),
    ...(mode === undefined ? {} : modeImpact(connection, mode)),
    connection,
    policies,
    without: without.sort(),
  };
  return [{ draft, loosens, unseen }];
}
