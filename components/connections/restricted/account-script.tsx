"use client";

import { useEffect, useState } from "react";
import { CodeBlock } from "@/components/ui/code-block";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { errorText, send } from "@/components/ui/send";
import { Skeleton } from "@/components/ui/skeleton";

const TYPING_MS = 300;

/** The script that makes the account by the masks as they are now, to review and run as an administrator of the database. */
export function AccountScript({ connectionId, user }: { readonly connectionId: string; readonly user: string }) {
  const [host, setHost] = useState("%");
  const [script, setScript] = useState<string | null>(null);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => {
    let current = true;
    const timer = setTimeout(async () => {
      const answer = await send<{ script: string }>("POST", `/api/connections/${connectionId}/restricted/script`, {
        user,
        host,
      });
      if (!current) return;
      setScript(answer.ok ? answer.data.script : null);
      setError(answer.ok ? null : (answer.error.problems[0]?.message ?? errorText(answer.error)));
    }, TYPING_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [connectionId, user, host]);
  return (
    <div className="flex min-w-0 flex-col gap-3">
      <Field
        label="Host of the account"
        description="From where the gateways reach the database, e.g. 10.0.0.% ; % is anywhere."
      >
        <Input
          value={host}
          className="max-w-xs font-mono"
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => setHost(event.target.value)}
        />
      </Field>
      {error === null ? null : (
        <p role="alert" className="text-danger text-sm">
          {error}
        </p>
      )}
      {script === null ? (
        error === null ? (
          <div role="status" aria-label="Loading">
            <Skeleton className="h-40" />
          </div>
        ) : null
      ) : (
        <>
          <CodeBlock code={script} language="sql" label="Script of the restricted account" />
          <p className="text-muted text-xs">
            Review it, put a password in, and run it as an administrator of the database. Make a new one after masks,
            tables or views have changed.
          </p>
        </>
      )}
    </div>
  );
}
