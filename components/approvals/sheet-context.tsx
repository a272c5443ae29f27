import Link from "next/link";
import { Card } from "@/components/ui/card";
import { SqlText } from "@/components/ui/code-block";
import { Time } from "@/components/ui/time";
import type { ReviewSheet } from "@/lib/approvals/review-sheet";
import type { Wire } from "@/lib/http/wire";
import { replayHref } from "@/lib/recordings/timeline/address";

const LINK = "text-accent-text underline underline-offset-4";

/** Where the statement stands: its transaction, what ran before it, and the nearest that is allowed. */
export function SheetContext({ sheet }: { readonly sheet: Wire<ReviewSheet> }) {
  const { approval, comparison } = sheet;
  return (
    <div className="grid items-start gap-4 2xl:grid-cols-2">
      <Card
        title="Transaction"
        headingLevel="h3"
        actions={
          <Link
            href={replayHref(approval.sessionId, { statementId: approval.statementId })}
            className={`${LINK} inline-flex min-h-6 items-center text-xs`}
          >
            {approval.state === "pending" ? "Replay so far" : "Replay"}
          </Link>
        }
      >
        <Transaction approval={approval} />
      </Card>
      <Card title="Nearest that needs no review" headingLevel="h3">
        <Nearest nearest={comparison?.nearest ?? null} />
      </Card>
    </div>
  );
}

function Transaction({ approval }: { readonly approval: Wire<ReviewSheet>["approval"] }) {
  const { transaction: facts, earlier } = approval;
  const done = earlier ?? [];
  return (
    <div className="flex flex-col gap-2">
      {facts === null ? (
        <p className="text-muted">Not known.</p>
      ) : facts.open ? (
        <p>
          Waits inside an open transaction
          {facts.since === null ? null : (
            <>
              , begun <Time value={facts.since} />
            </>
          )}
          , after {facts.statements} {facts.statements === 1 ? "statement" : "statements"}. Its locks stay while it
          waits.
        </p>
      ) : (
        <p className="text-muted">
          No transaction is open{facts.autocommit ? "; it commits by itself" : "; it begins one (autocommit is off)"}.
        </p>
      )}
      {done.length === 0 ? null : (
        <ol aria-label="Done earlier in this transaction" className="flex flex-col">
          {done.map((one) => (
            <li key={one.id} className="min-w-0 border-t py-1 first:border-t-0">
              <Link
                href={`/statements/${one.id}`}
                className="block min-h-6 truncate font-mono text-xs leading-6 hover:underline"
              >
                <SqlText sql={one.sql} />
              </Link>
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}

function Nearest({ nearest }: { readonly nearest: NonNullable<Wire<ReviewSheet>["comparison"]>["nearest"] }) {
  if (nearest === null) return <p className="text-muted">No rule allows anything like it.</p>;
  let at = 0;
  return (
    <div className="flex flex-col gap-2">
      <p className="text-muted">
        Rule {nearest.rule} of {nearest.policy}, {Math.round(nearest.similarity * 100)} % the same words.
      </p>
      <p className="break-words rounded-md border bg-bg p-3 font-mono text-xs leading-6">
        {nearest.diff.map(({ kind, words }) => {
          at += words.length;
          const text = `${words.join(" ")} `;
          const key = `${kind}${at}`;
          if (kind === "same") return <span key={key}>{text}</span>;
          return kind === "removed" ? (
            <del key={key} className="bg-danger-soft text-danger">
              <span className="sr-only">not in the statement: </span>
              {text}
            </del>
          ) : (
            <ins key={key} className="bg-ok-soft text-ok">
              <span className="sr-only">only in the statement: </span>
              {text}
            </ins>
          );
        })}
      </p>
    </div>
  );
}
