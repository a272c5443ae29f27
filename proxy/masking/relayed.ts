import { SallyportError } from "@/lib/errors/error";
import { mysqlError } from "@/lib/errors/mysql";
import type { ResultPlan } from "@/lib/masking/result-plan";
import type { Answer } from "../protocol/answer-phase";
import { writeErr } from "../protocol/err-packet";
import { writeFrame } from "../protocol/frame";
import { ResponseWalker } from "../protocol/response-walker";
import { AnswerRelay } from "../session/answer-relay";
import { fakeMask } from "./fake-masks";
import { MaskedAnswer } from "./masked-answer";
import type { MaskedColumns } from "./masked-columns";
import { scrubbedError } from "./scrub";

/** What came out at the client's side. */
export interface Relayed {
  readonly bytes: Buffer;
  readonly writes: number;
  readonly relay: AnswerRelay;
  readonly cut: boolean;
}

/** The ERR in place of an answer that is cut. */
export const CUT: Buffer = writeErr(mysqlError(new SallyportError("LIMIT_EXCEEDED", "cut")));

export interface RelayOptions {
  readonly answer?: Answer;
  readonly binary?: boolean;
  readonly upstream?: number;
  readonly client?: number;
  readonly columns?: MaskedColumns | null;
  readonly maxBytes?: number;
  readonly maxRows?: number;
  /** Gets what is written, for answers that end in an exception. */
  readonly out?: Buffer[];
}

/** For tests: sends an answer through a relay in parts of the sizes that `next` gives. */
export function relayed(
  answer: Buffer,
  plan: ResultPlan | null,
  next: () => number,
  {
    answer: kind = "results",
    binary = false,
    upstream = 0,
    client = upstream,
    columns = null,
    out = [],
    ...limits
  }: RelayOptions,
): Relayed {
  const walker = new ResponseWalker(upstream, client);
  const masked = new MaskedAnswer(walker, fakeMask, (error) => scrubbedError(error, "EVENT"));
  let cut = false;
  const write = (bytes: Buffer) => void out.push(Buffer.from(bytes));
  const relay: AnswerRelay = new AnswerRelay({ write }, walker, masked, () => {
    cut = true;
    write(writeFrame(CUT, relay.nextSequence));
    walker.discard = true;
  });
  walker.start(kind, 1);
  masked.begin(plan, binary, columns);
  walker.maxBytes = limits.maxBytes ?? walker.maxBytes;
  walker.maxRows = limits.maxRows ?? walker.maxRows;
  for (let at = 0; at < answer.length; ) {
    const end = Math.min(answer.length, at + next());
    // A buffer of its own, so that nobody gets away with keeping it.
    const part = Buffer.from(answer.subarray(at, end));
    relay.take(part, part.length);
    part.fill(0xee);
    at = end;
  }
  return { bytes: Buffer.concat(out), writes: out.length, relay, cut };
}
