"use client";

import { RefreshCw } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { Button, buttonStyles } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { errorText, send } from "@/components/ui/send";
import { ListSkeleton } from "@/components/ui/skeleton";
import { Time } from "@/components/ui/time";
import type { AccountComparison, ComparedAccount } from "@/lib/connections/account/compare";
import type { ErrorBody } from "@/lib/http/error-body";
import { ExcessCard, GrantsCard, LacksCard, NotesCard } from "./findings";
import { ScriptCard } from "./script-card";

interface Connection {
  readonly id: string;
  readonly name: string;
}

/** What the stored account may do upstream beside what the policies can need, and the script that makes the two the same. */
export function AccountTab({ connection }: { readonly connection: Connection }) {
  const [running, setRunning] = useState(false);
  const [result, setResult] = useState<AccountComparison | null>(null);
  const [error, setError] = useState<ErrorBody | null>(null);

  async function compare() {
    setRunning(true);
    const answer = await send<AccountComparison>("POST", `/api/connections/${connection.id}/account`);
    setRunning(false);
    setResult(answer.ok ? answer.data : null);
    setError(answer.ok ? null : answer.error);
  }

  const again = (label: string) => (
    <Button pending={running} onClick={() => void compare()}>
      <RefreshCw aria-hidden />
      {label}
    </Button>
  );
  if (running && result?.state !== "compared") return <ListSkeleton rows={5} />;
  if (error !== null) {
    return (
      <EmptyState
        kind="error"
        title="The account could not be compared"
        requestId={error.requestId === "" ? undefined : error.requestId}
        action={again("Try again")}
      >
        {errorText(error)}
      </EmptyState>
    );
  }
  switch (result?.state) {
    case undefined:
      return (
        <EmptyState kind="first-use" title="How much may the stored account do?" action={again("Compare")}>
          The console logs in to the database as the stored account, reads what it was granted, and compares that with
          what the policies of this connection can need. It changes nothing there.
        </EmptyState>
      );
    case "unreachable":
      return (
        <EmptyState kind="error" title="The database did not let the console in" action={again("Try again")}>
          {result.summary} {result.remedy ?? ""}
        </EmptyState>
      );
    case "no_catalogue":
      return (
        <EmptyState kind="first-use" title="The schema is not known yet" action={again("Try again")}>
          What policies need is worked out on the tables there are. Start a gateway: it reads them within seconds.
          {result.lastError === null ? "" : ` The last try failed: ${result.lastError}`}
        </EmptyState>
      );
    case "compared":
      return <Compared connection={connection} result={result} again={again("Compare again")} />;
    default:
      return result satisfies undefined;
  }
}

function Compared({
  connection,
  result,
  again,
}: {
  readonly connection: Connection;
  readonly result: ComparedAccount;
  readonly again: React.ReactNode;
}) {
  const { account, server, excess, lacks, policies } = result;
  return (
    <div className="flex min-w-0 flex-col gap-4">
      <div className="flex flex-wrap items-center gap-3">
        <p role="status" className="min-w-0 flex-1 text-sm">
          <span className="break-all font-mono">
            {account.user}@{account.host}
          </span>{" "}
          on {server.flavour === "mysql" ? "MySQL" : "MariaDB"} {server.version}: {verdict(excess.length, lacks.length)}{" "}
          <span className="text-faint">
            Compared <Time value={result.at} />.
          </span>
        </p>
        {again}
      </div>
      {policies.length === 0 ? (
        <EmptyState
          kind="first-use"
          title="No policy, so nothing is needed"
          action={
            <Link className={buttonStyles({})} href={`/connections/${connection.name}?tab=access`}>
              Who may connect
            </Link>
          }
        >
          Everything that the account may do is too much as long as no policy lets anybody in. Write a policy first.
        </EmptyState>
      ) : null}
      <ExcessCard excess={excess} maskedNeeded={result.maskedNeeded} />
      {lacks.length === 0 ? null : <LacksCard lacks={lacks} />}
      {policies.length === 0 ? null : <ScriptCard connection={connection.name} result={result} />}
      <NotesCard
        notes={result.needs[server.flavour].notes}
        unread={result.grants.unread}
        unreadable={result.unreadable}
      />
      <GrantsCard grants={result.grants} />
    </div>
  );
}

function verdict(excess: number, lacks: number): string {
  if (excess === 0 && lacks === 0) return "it has what the policies can need, and no more.";
  const more =
    excess === 0 ? null : `${excess} ${excess === 1 ? "privilege" : "privileges"} more than policies can need`;
  const less = lacks === 0 ? null : `${lacks} that ${lacks === 1 ? "is" : "are"} missing`;
  return `${[more, less].filter((one) => one !== null).join(", ")}.`;
}
