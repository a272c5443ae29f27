import { analyst } from "@/lib/analyses/analyst";
import { IMPACT_KIND, impactInput } from "@/lib/policy/impact/model";
import { measureImpact } from "./measure";

const DAY_MS = 86_400_000;

/** Puts drafts to the record, as long work. */
export const impactAnalyst = analyst(IMPACT_KIND, impactInput, (db, { days, ...draft }, tools) => {
  const until = new Date();
  return measureImpact(db, draft, { since: new Date(until.getTime() - days * DAY_MS), until }, tools);
});
