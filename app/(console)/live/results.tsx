import Link from "next/link";
import { RunningBoard } from "@/components/running/running-board";
import { buttonStyles } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import type { ConsoleCtx } from "@/lib/auth/console-ctx";
import { may } from "@/lib/auth/roles";
import { SallyportError } from "@/lib/errors/error";
import type { RawParams } from "@/lib/http/address-params";
import { listRunning, type Running } from "@/lib/sessions/running";
import { LIVE_PARAMS, readRunningFilter } from "./search-params";

/** What runs and fits the address, or why the address is not understood. */
export async function LiveResults({ ctx, params }: { readonly ctx: ConsoleCtx; readonly params: RawParams }) {
  let first: Running;
  try {
    first = await listRunning(ctx, readRunningFilter(params));
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
  const { roles } = ctx.actor;
  return (
    <RunningBoard
      key={JSON.stringify(LIVE_PARAMS.map((name) => params[name]))}
      first={first}
      at={Date.now()}
      may={{ kill: may(roles, "sessions:kill"), suspend: may(roles, "identities:edit") }}
      empty={<NothingRuns filtered={LIVE_PARAMS.some((name) => params[name] !== undefined)} />}
    />
  );
}

function ClearFilters() {
  return (
    <Link href="/live" className={buttonStyles({})}>
      Clear filters
    </Link>
  );
}

function NothingRuns({ filtered }: { readonly filtered: boolean }) {
  if (filtered)
    return <EmptyState kind="no-result" title="Nothing that runs fits these filters" action={<ClearFilters />} />;
  return (
    <EmptyState
      kind="first-use"
      title="Nothing runs right now"
      action={
        <Link href="/sessions?state=live" className={buttonStyles({})}>
          Sessions that are logged in
        </Link>
      }
    >
      A statement stands here while it runs or waits for approval, and a session while its transaction is open. Most are
      over in less than a second.
    </EmptyState>
  );
}
