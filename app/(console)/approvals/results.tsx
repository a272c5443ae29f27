import Link from "next/link";
import { Queue } from "@/components/approvals/queue";
import { buttonStyles } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import type { PendingFilter } from "@/lib/approvals/filter";
import { listApprovals } from "@/lib/approvals/list-approvals";
import { type QueueAnswer, readQueue } from "@/lib/approvals/queue";
import type { ConsoleCtx } from "@/lib/auth/console-ctx";
import { may } from "@/lib/auth/roles";
import { SallyportError } from "@/lib/errors/error";
import type { RawParams } from "@/lib/http/address-params";
import { QUEUE_PARAMS, readQueueFilter } from "./search-params";

interface Props {
  readonly ctx: ConsoleCtx;
  readonly params: RawParams;
  readonly decides: boolean;
}

/** The open requests that the address asks for, or why there are none. */
export async function QueueResults({ ctx, params, decides }: Props) {
  let filter: PendingFilter;
  let queue: QueueAnswer;
  try {
    filter = readQueueFilter(params);
    queue = await readQueue(ctx, filter);
  } catch (error) {
    if (error instanceof SallyportError && error.code === "INVALID_INPUT") {
      return (
        <div className="rounded-lg border bg-surface">
          <EmptyState kind="error" title="This address has a filter that is not understood" action={<ClearFilters />}>
            {error.message}
          </EmptyState>
        </div>
      );
    }
    throw error;
  }
  const filtered = QUEUE_PARAMS.some((name) => params[name] !== undefined);
  return (
    <Queue
      key={JSON.stringify(filter)}
      rows={queue.rows}
      more={queue.more}
      filter={filter}
      decides={decides}
      empty={filtered ? <NoneFits /> : await NonePending({ ctx })}
    />
  );
}

function ClearFilters() {
  return (
    <Link href="/approvals" className={buttonStyles({})}>
      Clear filters
    </Link>
  );
}

function NoneFits() {
  return <EmptyState kind="no-result" title="No pending request fits these filters" action={<ClearFilters />} />;
}

async function NonePending({ ctx }: Pick<Props, "ctx">) {
  const { rows } = await listApprovals(ctx, { filter: {}, size: 1 });
  if (rows.length > 0) {
    return (
      <EmptyState
        kind="no-result"
        title="Nothing waits for a decision"
        action={
          <Link href="/approvals/history" className={buttonStyles({})}>
            What was decided
          </Link>
        }
      >
        A statement that a rule puts up for review stands here within a second.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      kind="first-use"
      title="No statement has asked for approval yet"
      action={
        may(ctx.actor.roles, "policies:edit") ? (
          <Link href="/policies" className={buttonStyles({ variant: "primary" })}>
            To the policies
          </Link>
        ) : null
      }
    >
      A rule with the effect “review” holds a statement on its open connection until a reviewer decides. It stands here
      within a second, with everything needed to decide.
    </EmptyState>
  );
}
