"use client";

import { CircleCheck, CircleX, LoaderCircle } from "lucide-react";
import Link from "next/link";
import { useCallback, useEffect, useState } from "react";
import { useLive } from "@/components/shell/live";
import { Card } from "@/components/ui/card";
import { type Sent, send } from "@/components/ui/send";
import { Time } from "@/components/ui/time";

/** The answer of GET /api/connect/logins, with times as JSON has them. */
interface Logins {
  readonly sessions: readonly {
    readonly id: string;
    readonly identityName: string;
    readonly clientAddress: string;
    readonly clientProgram: string | null;
    readonly startedAt: string;
  }[];
  readonly refused: readonly {
    readonly id: string;
    readonly at: string;
    readonly address: string | null;
    readonly message: string | null;
    readonly next: string | null;
  }[];
}

const LOOK_MS = 10_000;
const SHOWN = 5;

/** Waits for the first login since the page was opened (`since`, milliseconds), and explains those that were refused. */
export function LoginWatch({ connection, since }: { readonly connection: string; readonly since: number }) {
  const [answer, setAnswer] = useState<Sent<Logins> | null>(null);
  const look = useCallback(async () => {
    const asked = new URLSearchParams({ connection, since: new Date(since).toISOString() });
    setAnswer(await send<Logins>("GET", `/api/connect/logins?${asked}`));
  }, [connection, since]);
  useLive(["sessions", "audit"], () => void look());
  useEffect(() => {
    void look();
    // The stream tells at once; this is for the time when it is lost.
    const timer = setInterval(() => void look(), LOOK_MS);
    return () => clearInterval(timer);
  }, [look]);

  const logins = answer?.ok ? answer.data : null;
  return (
    <Card
      title="Waiting for the first login"
      description={`At ${connection}, since this page was opened.`}
      headingLevel="h3"
    >
      <div aria-live="polite" className="flex flex-col gap-3 text-sm">
        {answer?.ok === false ? <p className="text-danger">{answer.error.message}.</p> : null}
        {logins?.sessions.slice(0, SHOWN).map((one) => (
          <p key={one.id} className="flex items-start gap-2">
            <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-ok" />
            <span className="min-w-0 break-words">
              <strong className="font-medium">{one.identityName}</strong> connected from{" "}
              <span className="font-mono text-xs">{one.clientAddress}</span>
              {one.clientProgram === null ? "" : ` with ${one.clientProgram}`} <Time value={one.startedAt} />.{" "}
              <Link href={`/sessions/${one.id}`} className="text-accent-text underline underline-offset-2">
                Open the session
              </Link>
            </span>
          </p>
        ))}
        {logins?.refused.slice(0, SHOWN).map((one) => (
          <p key={one.id} className="flex items-start gap-2">
            <CircleX aria-hidden className="mt-0.5 size-4 shrink-0 text-danger" />
            <span className="min-w-0 break-words">
              Login{one.address === null ? "" : ` from ${one.address}`} refused <Time value={one.at} />:{" "}
              <strong className="font-medium">{one.message ?? "no reason was recorded"}.</strong>{" "}
              {one.next === null ? null : <span className="text-muted">{one.next}.</span>}
            </span>
          </p>
        ))}
        {logins !== null && logins.sessions.length === 0 && logins.refused.length === 0 ? (
          <p className="flex items-center gap-2 text-muted">
            <LoaderCircle aria-hidden className="size-4 animate-spin" />
            Nobody has tried yet.
          </p>
        ) : null}
        <details className="text-muted">
          <summary className="cursor-pointer">The client reports an error, and nothing appears here?</summary>
          <ul className="mt-2 flex list-disc flex-col gap-1 pl-5">
            <li>Connection refused or timed out: host and port are not the gateway's, or a firewall stands between.</li>
            <li>
              Certificate errors (self-signed certificate in chain, unable to get local issuer): the client does not
              have the gateway's authority. Check the path of the file.
            </li>
            <li>Host name mismatch: use a host name that stands in the gateway's certificate.</li>
            <li>
              Access denied by a server that is not the gateway: the message of the gateway always starts with
              [sallyport].
            </li>
          </ul>
        </details>
      </div>
    </Card>
  );
}
