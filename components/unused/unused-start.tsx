"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { errorText, send } from "@/components/ui/send";

const PERIODS = [7, 30, 90].map((days) => ({ value: String(days), label: `${days} days` }));

/** Chooses connection and period, and begins to look. */
export function UnusedStart({
  connections,
  connection,
  mayRun,
}: {
  readonly connections: readonly string[];
  readonly connection: string;
  readonly mayRun: boolean;
}) {
  const router = useRouter();
  const [days, setDays] = useState("30");
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<string | null>(null);

  async function start() {
    setPending(true);
    setError(null);
    const sent = await send<{ readonly id: string }>("POST", "/api/policies/unused", {
      connection,
      days: Number(days),
    });
    setPending(false);
    if (sent.ok) router.push(`/policies/unused?connection=${encodeURIComponent(connection)}&id=${sent.data.id}`);
    else setError(errorText(sent.error));
  }

  return (
    <form
      className="flex flex-wrap items-end gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (!pending) void start();
      }}
    >
      <Field label="Connection" className="w-48">
        <Select
          options={connections.map((name) => ({ value: name, label: name }))}
          value={connection}
          onValueChange={(name) => router.push(`/policies/unused?connection=${encodeURIComponent(name)}`)}
        />
      </Field>
      {mayRun ? (
        <>
          <Field label="Not used for" className="w-32">
            <Select options={PERIODS} value={days} onValueChange={setDays} />
          </Field>
          <Button type="submit" variant="primary" pending={pending}>
            Look
          </Button>
        </>
      ) : null}
      {error === null ? null : (
        <p role="alert" className="w-full text-danger text-sm">
          {error}
        </p>
      )}
    </form>
  );
}
