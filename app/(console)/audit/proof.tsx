import { RecordProof } from "@/components/record/record-proof";
import { listChains } from "@/lib/chain/list-chains";
import { verificationJob } from "@/lib/chain/verify/verification-job";
import type { Ctx } from "@/lib/ctx";

/** The chains, and what the last verification said of them. */
export async function Proof({ ctx }: { readonly ctx: Ctx }) {
  return <RecordProof listed={await listChains(ctx)} job={verificationJob(ctx)} />;
}
