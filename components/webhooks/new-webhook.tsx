"use client";

import { Plus } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { send } from "@/components/ui/send";
import { Sheet } from "@/components/ui/sheet";
import type { ErrorBody } from "@/lib/http/error-body";
import { SecretOnce } from "./secret-once";
import { NEW_WEBHOOK, WebhookFields } from "./webhook-fields";

const FORM = "new-webhook";

/** Creates a webhook, then shows its secret once. */
export function NewWebhook() {
  const router = useRouter();
  const [open, setOpen] = useState(false);
  const [values, setValues] = useState(NEW_WEBHOOK);
  const [error, setError] = useState<ErrorBody | null>(null);
  const [pending, setPending] = useState(false);
  const [made, setMade] = useState<{ readonly id: string; readonly secret: string } | null>(null);

  async function create() {
    setPending(true);
    const sent = await send<{ id: string; secret: string }>("POST", "/api/webhooks", values);
    setPending(false);
    setError(sent.ok ? null : sent.error);
    if (sent.ok) {
      setMade(sent.data);
      router.refresh();
    }
  }

  function close() {
    setOpen(false);
    setValues(NEW_WEBHOOK);
    setError(null);
    setMade(null);
  }

  return (
    <>
      <Button variant="primary" onClick={() => setOpen(true)}>
        <Plus aria-hidden />
        New webhook
      </Button>
      <Sheet
        open={open}
        onOpenChange={(next) => (next ? setOpen(true) : close())}
        title={made === null ? "New webhook" : "The webhook is made"}
        dirty={made === null && JSON.stringify(values) !== JSON.stringify(NEW_WEBHOOK)}
        footer={
          made === null ? (
            <>
              <Button onClick={close}>Cancel</Button>
              <Button type="submit" form={FORM} variant="primary" pending={pending}>
                Create
              </Button>
            </>
          ) : (
            <Button variant="primary" onClick={() => router.push(`/settings/webhooks/${made.id}`)}>
              I have copied it: go on to test
            </Button>
          )
        }
      >
        {made === null ? (
          <form
            id={FORM}
            noValidate
            onSubmit={(event) => {
              event.preventDefault();
              void create();
            }}
          >
            <WebhookFields values={values} onChange={setValues} error={error} />
          </form>
        ) : (
          <SecretOnce secret={made.secret} />
        )}
      </Sheet>
    </>
  );
}
