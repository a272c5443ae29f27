import Link from "next/link";
import { buttonStyles } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import type { EnforcementMode } from "@/lib/connections/model";

const settingsOf = (connection: string) => `/connections/${encodeURIComponent(connection)}?tab=settings`;

/** What it means to learn from a connection that blocks. */
export function EnforcedNotice({
  connection,
  mayConfigure,
}: {
  readonly connection: string;
  readonly mayConfigure: boolean;
}) {
  return (
    <p className="rounded-md bg-info-soft px-3 py-2 text-info text-sm">
      {connection} enforces its policies: what they refused did not run, so nothing can be learned of what would have
      come after it. For everything an agent needs, let it work in observe mode for a while: statements then run and are
      recorded, masks stay on.{" "}
      {mayConfigure ? (
        <Link href={settingsOf(connection)} className="inline-flex min-h-6 items-center underline underline-offset-4">
          Mode of {connection}
        </Link>
      ) : (
        "An administrator can change the mode."
      )}
    </p>
  );
}

/** What to do where there is nothing to learn from. */
export function NothingRecorded({
  connection,
  mode,
  mayConfigure,
}: {
  readonly connection: string;
  readonly mode: EnforcementMode;
  readonly mayConfigure: boolean;
}) {
  return (
    <EmptyState
      kind="no-result"
      title="Nothing was recorded in this period"
      action={
        <span className="flex flex-wrap justify-center gap-2">
          {mode === "enforce" && mayConfigure ? (
            <Link href={settingsOf(connection)} className={buttonStyles({})}>
              Switch to observe
            </Link>
          ) : null}
          <Link href={`/connections/${encodeURIComponent(connection)}?tab=connect`} className={buttonStyles({})}>
            Connect an agent
          </Link>
        </span>
      }
    >
      Choose a longer period, or let agents work on {connection}
      {mode === "enforce" ? " in observe mode" : ""} and come back.
    </EmptyState>
  );
}
