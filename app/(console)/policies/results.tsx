import Link from "next/link";
import { PolicyTable } from "@/components/policies/policy-table";
import { buttonStyles } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import type { ConsoleCtx } from "@/lib/auth/console-ctx";
import { may } from "@/lib/auth/roles";
import { SallyportError } from "@/lib/errors/error";
import type { RawParams } from "@/lib/http/address-params";
import { listPolicyRows, type PolicyRow } from "@/lib/policy/list-policy-rows";
import { POLICY_PARAMS, readPolicyFilter } from "./search-params";

/** The policies that the address asks for, or why there are none. */
export async function PolicyResults({ ctx, params }: { readonly ctx: ConsoleCtx; readonly params: RawParams }) {
  let rows: PolicyRow[];
  try {
    rows = await listPolicyRows(ctx, readPolicyFilter(params));
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
  const filtered = POLICY_PARAMS.some((name) => params[name] !== undefined);
  const edits = may(ctx.actor.roles, "policies:edit");
  return (
    <PolicyTable
      rows={rows}
      empty={
        filtered ? (
          <EmptyState kind="no-result" title="No policy fits these filters" action={<ClearFilters />} />
        ) : (
          <EmptyState
            kind="first-use"
            title="No policy yet"
            action={
              edits ? (
                <span className="flex flex-wrap justify-center gap-2">
                  <Link href="/policies/new" className={buttonStyles({ variant: "primary" })}>
                    Write the first policy
                  </Link>
                  <Link href="/policies/learn" className={buttonStyles({})}>
                    Learn it from what agents do
                  </Link>
                </span>
              ) : null
            }
          >
            A policy says which identities may use a connection, and which of their statements run, wait for a person or
            are refused. Without one nobody gets in.{edits ? "" : " An administrator can write one."}
          </EmptyState>
        )
      }
    />
  );
}

function ClearFilters() {
  return (
    <Link href="/policies" className={buttonStyles({})}>
      Clear filters
    </Link>
  );
}
