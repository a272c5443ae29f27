import { StatementFacets } from "@/components/statements/statement-facets";
import { StatementHistogram } from "@/components/statements/statement-histogram";
import type { Ctx } from "@/lib/ctx";
import { SallyportError } from "@/lib/errors/error";
import type { RawParams } from "@/lib/http/address-params";
import { countStatements, type StatementCounts } from "@/lib/statements/counts";
import { readStatementFilter } from "./search-params";

/** When the statements that the address asks for were, and what they have in common; nothing for an address that the list refuses. */
export async function StatementOverview({ ctx, params }: { readonly ctx: Ctx; readonly params: RawParams }) {
  let counts: StatementCounts;
  try {
    counts = await countStatements(ctx, readStatementFilter(params));
  } catch (error) {
    if (error instanceof SallyportError && error.code === "INVALID_INPUT") return null;
    throw error;
  }
  const timed = ["range", "from", "to"].some((name) => params[name] !== undefined);
  return (
    <section aria-label="Statements over time" className="flex min-w-0 flex-col gap-3 rounded-lg border bg-surface p-4">
      <StatementHistogram
        key={`${counts.from.getTime()} ${counts.to.getTime()}`}
        buckets={counts.buckets}
        bucketMs={counts.bucketMs}
        total={counts.total}
        countedFrom={counts.countedFrom}
        timed={timed}
      />
      <StatementFacets facets={counts.facets} partial={counts.countedFrom !== null} />
    </section>
  );
}
