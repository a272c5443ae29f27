import { type EarlierProposal, EarlierTable } from "@/components/policies/learn/earlier-table";
import { EmptyState } from "@/components/ui/empty-state";
import { listAnalyses } from "@/lib/analyses/read";
import type { ConsoleCtx } from "@/lib/auth/console-ctx";
import { listPublished } from "@/lib/learning/list-published";
import { LEARN_KIND, learnInput } from "@/lib/policy/suggest/model";

/** What was learned on the connection before, and what became of it. */
export async function EarlierProposals({ ctx, connection }: { readonly ctx: ConsoleCtx; readonly connection: string }) {
  const heads = await listAnalyses(ctx, LEARN_KIND, connection);
  const oldest = heads.at(-1)?.createdAt;
  const published = oldest === undefined ? [] : await listPublished(ctx, oldest);
  const rows = heads.map((head): EarlierProposal => {
    const { since, until, identities, together } = learnInput.parse(head.input);
    const became = published.filter((one) => one.analysis === head.id).map((one) => one.policy);
    return {
      id: head.id,
      createdAt: head.createdAt,
      createdBy: head.createdBy,
      state: head.state,
      error: head.error,
      since,
      until,
      identities: identities.length,
      together,
      became: [...new Map(became.map((one) => [one.id, one])).values()],
    };
  });
  return (
    <section aria-labelledby="earlier-heading" className="flex min-w-0 flex-col gap-2">
      <h2 id="earlier-heading" className="font-semibold text-sm">
        Earlier proposals
      </h2>
      <EarlierTable
        rows={rows}
        empty={
          <EmptyState kind="first-use" title="Nothing learned yet">
            What is learned on {connection} stands here, with what became of it.
          </EmptyState>
        }
      />
    </section>
  );
}
