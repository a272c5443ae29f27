import type { Problem, Scope, Verified } from "@/lib/chain/verify/model";
import type { VerifiedSession } from "@/lib/chain/verify/verify-session";

/** As many problems as a person reads; --json has up to 1000. */
const SHOWN = 20;

const counted = (n: number, one: string, many = `${one}s`) => `${n.toLocaleString("en-US")} ${n === 1 ? one : many}`;

function placeOf({ chain, batch, record }: Problem): string {
  const parts = [
    ...(chain === null ? [] : [`chain ${chain}`]),
    ...(batch === null ? [] : [`batch ${batch}`]),
    ...(record === null ? [] : [`${record.kind} ${record.id}`]),
  ];
  return parts.length === 0 ? "" : `  (${parts.join(", ")})`;
}

function problemLines(problems: readonly Problem[], count: number): string[] {
  const [first, ...others] = problems;
  if (first === undefined) return [];
  const more = count - Math.min(problems.length, SHOWN);
  return [
    `First broken link: ${first.message}${placeOf(first)}`,
    ...others.slice(0, SHOWN - 1).map((one) => `  ${one.code}: ${one.message}${placeOf(one)}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ];
}

/** What makes it less than the whole record. */
function leftOut({ chain, since, recordings }: Scope): string[] {
  return [
    ...(chain === null ? [] : [`the chain ${chain}`]),
    ...(since === null ? [] : [`what was written since ${since.toISOString()}`]),
    ...(recordings ? [] : ["without the bytes of recordings"]),
  ];
}

/** The answer of `sallyport verify` for people: proven or not first, then why, then what was looked at. */
export function describeVerification(verified: Verified): string {
  const { proven, problems, problemCount, chains, counts, keys, at, tookMs } = verified;
  const missing = leftOut(verified.scope);
  const open = chains.filter((one) => one.open).length;
  return [
    proven
      ? `PROVEN: ${missing.length === 0 ? "the record" : "this part of the record"} is as it was written.`
      : `BROKEN: ${counted(problemCount, "broken link")}.`,
    ...problemLines(problems, problemCount),
    `As of ${at.toISOString()}${missing.length === 0 ? "" : `, and a part only: ${missing.join(", ")}`}.`,
    `Checked: ${counted(chains.length, "chain")} (${open} open) with ${counted(counts.batches, "batch", "batches")}: ${[
      counted(counts.auditEvents, "audit event"),
      counted(counts.statements, "statement"),
      counted(counts.chunks, "recording chunk"),
    ].join(", ")}.`,
    ...(counts.removedChunks === 0
      ? []
      : [`Removed by retention: ${counted(counts.removedChunks, "recording chunk")}.`]),
    ...(counts.running === 0 ? [] : [`Without an outcome yet: ${counted(counts.running, "statement")}.`]),
    ...(counts.before === 0 ? [] : [`From before proofs existed, not proven: ${counted(counts.before, "record")}.`]),
    `Trusted ${keys.length === 1 ? "key" : "keys"}: ${keys.join(", ")}. Took ${(tookMs / 1000).toFixed(1)} s.`,
  ].join("\n");
}

/** The same about one session. */
export function describeSession(id: string, verified: VerifiedSession): string {
  const { problems, problemCount, checked, chains, unfinished, before } = verified;
  return [
    problemCount > 0
      ? `BROKEN: ${counted(problemCount, "broken link")} in session ${id}.`
      : before
        ? `NOT PROVEN: session ${id} is from before proofs existed.`
        : `PROVEN: what the record has of session ${id} is as it was written.`,
    ...problemLines(problems, problemCount),
    `Checked: ${counted(checked, "record")} of the ${chains.length === 1 ? "chain" : "chains"} ${chains.join(", ")}.`,
    ...(unfinished ? ["More is to come: the session or one of its statements has not ended."] : []),
  ].join("\n");
}
