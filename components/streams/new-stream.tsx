"use client";

import { Plus } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { send } from "@/components/ui/send";
import { Sheet } from "@/components/ui/sheet";
import { SecretOnce } from "@/components/webhooks/secret-once";
import type { ErrorBody } from "@/lib/http/error-body";
import type { StreamStart } from "@/lib/streams/input";
import { NEW_STREAM, StreamFields } from "./stream-fields";

const FORM = "new-stream";
const STARTS = [
  { value: "now", label: "From now on", hint: "What is recorded already is not sent." },
  { value: "beginning", label: "From the beginning", hint: "Everything that is recorded, then what comes." },
] as const;

/** Creates a stream, then shows its secret once. */
export function NewStream() {
  const router = useRouter();
  const [open, setOpen] = useState(false);
  const [values, setValues] = useState(NEW_STREAM);
  const [start, setStart] = useState<StreamStart>("now");
  const [error, setError] = useState<ErrorBody | null>(null);
  const [pending, setPending] = useState(false);
  const [made, setMade] = useState<{ readonly id: string; readonly secret: string } | null>(null);

  async function create() {
    setPending(true);
    const sent = await send<{ id: string; secret: string }>("POST", "/api/streams", { ...values, start });
    setPending(false);
    setError(sent.ok ? null : sent.error);
    if (sent.ok) {
      setMade(sent.data);
      router.refresh();
    }
  }

  function close() {
    setOpen(false);
    setValues(NEW_STREAM);
    setStart("now");
    setError(null);
    setMade(null);
  }

  return (
    <>
      <Button variant="primary" onClick={() => setOpen(true)}>
        <Plus aria-hidden />
        New stream
      </Button>
      <Sheet
        open={open}
        onOpenChange={(next) => (next ? setOpen(true) : close())}
        title={made === null ? "New event stream" : "The stream is made"}
        dirty={made === null && JSON.stringify(values) !== JSON.stringify(NEW_STREAM)}
        footer={
          made === null ? (
            <>
              <Button onClick={close}>Cancel</Button>
              <Button type="submit" form={FORM} variant="primary" pending={pending}>
                Create
              </Button>
            </>
          ) : (
            <Button variant="primary" onClick={() => router.push(`/settings/streams/${made.id}`)}>
              I have copied it: go on to test
            </Button>
          )
        }
      >
        {made === null ? (
          <form
            id={FORM}
            noValidate
            className="flex flex-col gap-4"
            onSubmit={(event) => {
              event.preventDefault();
              if (!pending) void create();
            }}
          >
            <StreamFields values={values} onChange={setValues} error={error} />
            <Field label="Begins">
              <Select options={STARTS} value={start} onValueChange={setStart} />
            </Field>
          </form>
        ) : (
          <SecretOnce secret={made.secret} />
        )}
      </Sheet>
    </>
  );
}
