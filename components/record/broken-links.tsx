import Link from "next/link";
import { CopyId } from "@/components/ui/copy-button";
import type { Problem } from "@/lib/chain/verify/model";
import { instantOfId } from "@/lib/db/ulid-bounds";

const SHOWN = 50;

/** Where the record is shown in the console; of a chunk there is no page of its own. */
function addressOf({ kind, id }: NonNullable<Problem["record"]>): string | null {
  switch (kind) {
    case "statement":
      return `/statements/${id}`;
    case "audit_event": {
      // The list is newest first: up to the next second it begins with this event.
      const to = new Date(Math.ceil((instantOfId(id).getTime() + 1) / 1000) * 1000);
      return `/audit?${new URLSearchParams({ to: to.toISOString(), event: id })}`;
    }
    case "recording_chunk":
      return null;
    default:
      return kind satisfies never;
  }
}

function Where({ problem }: { readonly problem: Problem }) {
  const { chain, batch, record } = problem;
  const address = record === null ? null : addressOf(record);
  return (
    <span className="flex flex-wrap items-center gap-x-2 text-muted text-xs">
      {address === null ? null : (
        <Link href={address} className="text-accent-text underline underline-offset-4">
          Open the {record?.kind === "statement" ? "statement" : "audit event"}
        </Link>
      )}
      {chain === null ? null : (
        <span>
          chain <CopyId value={chain} short />
        </span>
      )}
      {batch === null ? null : <span>batch {batch}</span>}
    </span>
  );
}

/** What a verification found broken, the first one first. */
export function BrokenLinks({ problems, count }: { readonly problems: readonly Problem[]; readonly count: number }) {
  const more = count - Math.min(problems.length, SHOWN);
  return (
    <div className="flex flex-col gap-2">
      <ol aria-label="Broken links" className="flex max-h-96 flex-col divide-y overflow-y-auto rounded-md border">
        {problems.slice(0, SHOWN).map((problem, index) => (
          <li
            key={`${problem.code} ${problem.chain} ${problem.batch} ${problem.record?.id}`}
            className="flex flex-col gap-0.5 px-3 py-2 text-sm"
          >
            <span className="break-words">
              {index === 0 ? <strong className="text-danger">First: </strong> : null}
              {problem.message}
            </span>
            <Where problem={problem} />
          </li>
        ))}
      </ol>
      {more > 0 ? (
        <p className="text-muted text-xs">And {more} more: sallyport verify --json lists up to 1,000.</p>
      ) : null}
    </div>
  );
}
