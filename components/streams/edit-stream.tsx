"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { ConflictNotice } from "@/components/connections/conflict-notice";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Checkbox } from "@/components/ui/checkbox";
import { Dialog } from "@/components/ui/dialog";
import { InlineField } from "@/components/ui/field";
import { LeaveGuard } from "@/components/ui/leave-guard";
import { send } from "@/components/ui/send";
import { toast } from "@/components/ui/toaster";
import { SecretOnce } from "@/components/webhooks/secret-once";
import type { ErrorBody } from "@/lib/http/error-body";
import { StreamFields, type StreamValues } from "./stream-fields";

interface Base {
  readonly version: number;
  readonly stored: StreamValues;
}

/** The settings of a stream; a new secret is shown once. */
export function EditStream({ id, version, stored }: Base & { readonly id: string }) {
  const router = useRouter();
  const [base, setBase] = useState<Base>({ version, stored });
  const [values, setValues] = useState(stored);
  const [newSecret, setNewSecret] = useState(false);
  const [error, setError] = useState<ErrorBody | null>(null);
  const [pending, setPending] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const dirty = newSecret || JSON.stringify(values) !== JSON.stringify(base.stored);
  const conflict = error?.code === "CONFLICT" ? error : null;

  function restart(from: Base) {
    setBase(from);
    setValues(from.stored);
    setNewSecret(false);
    setError(null);
  }

  async function save(onVersion: number) {
    setPending(true);
    const body = { ...values, version: onVersion, newSecret };
    const sent = await send<{ version: number; secret: string | null }>("PUT", `/api/streams/${id}`, body);
    setPending(false);
    router.refresh();
    if (!sent.ok) {
      setError(sent.error);
      return;
    }
    restart({ version: sent.data.version, stored: values });
    setSecret(sent.data.secret);
    toast.success("Stream saved", "What is not sent yet goes by the new settings");
  }

  return (
    <Card title="Settings">
      <form
        noValidate
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (!pending && dirty) void save(base.version);
        }}
      >
        <InlineField label="On" description="Off: paused where it is. On again, it goes on there and misses nothing.">
          <Checkbox checked={values.enabled} onCheckedChange={(enabled) => setValues({ ...values, enabled })} />
        </InlineField>
        <StreamFields values={values} onChange={setValues} error={conflict === null ? error : null} />
        {values.url === null ? null : (
          <InlineField
            label="Make a new secret"
            description="The old one is gone at once; the receiver needs the new one."
          >
            <Checkbox checked={newSecret} onCheckedChange={setNewSecret} />
          </InlineField>
        )}
        {conflict === null ? null : (
          <ConflictNotice
            error={conflict}
            current={version !== base.version}
            onTakeTheirs={() => restart({ version, stored })}
            onKeepMine={() => void save(version)}
          />
        )}
        <div className="flex justify-end gap-2">
          <Button disabled={!dirty} onClick={() => restart({ version, stored })}>
            Discard
          </Button>
          <Button type="submit" variant="primary" disabled={!dirty} pending={pending}>
            Save
          </Button>
        </div>
      </form>
      <LeaveGuard dirty={dirty} what="What you changed in this stream is not saved." />
      <Dialog open={secret !== null} onOpenChange={() => setSecret(null)} title="The new secret">
        <div className="pb-3">{secret === null ? null : <SecretOnce secret={secret} />}</div>
      </Dialog>
    </Card>
  );
}
