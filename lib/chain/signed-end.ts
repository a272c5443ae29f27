import { and, desc, eq, lt } from "drizzle-orm";
import type { DbOrTx } from "@/lib/db/client";
import { chainBatches } from "@/lib/db/schema";
import { decodeProgress, NOTHING_SHIPPED, type SpoolProgress } from "./items";
import type { Signer } from "./signer";
import { checkSigned } from "./verify/check-batch";
import { Problems } from "./verify/model";
import { trustedKeys } from "./verify/trusted-keys";

/** How a chain ends as its writers signed it, whatever its row says. */
export interface SignedEnd {
  /** Of the last batch with a good signature; 0 when there is none. */
  readonly number: number;
  readonly final: boolean;
  readonly spool: SpoolProgress;
}

/** Reads a chain from its end until a batch that this deployment signed tells how far the spool is: nobody else can have written that. */
export async function signedEnd(db: DbOrTx, signer: Signer, chain: string): Promise<SignedEnd> {
  const keys = trustedKeys([signer.publicKey]);
  const { chainId, number } = chainBatches;
  let last: Pick<SignedEnd, "number" | "final"> | null = null;
  let before = Number.MAX_SAFE_INTEGER;
  for (;;) {
    const [batch] = await db
      .select()
      .from(chainBatches)
      .where(and(eq(chainId, chain), lt(number, before)))
      .orderBy(desc(number))
      .limit(1);
    if (batch === undefined) return { number: 0, final: false, ...last, spool: NOTHING_SHIPPED };
    before = batch.number;
    if (checkSigned(batch, keys, new Problems()) === null) continue;
    last ??= { number: batch.number, final: batch.final };
    // Whoever ends the chain of a dead process does not know its spool.
    const spool = decodeProgress(batch.items);
    if (spool !== null) return { ...last, spool };
  }
}
