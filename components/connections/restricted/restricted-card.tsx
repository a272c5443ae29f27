"use client";

import { useState } from "react";
import { useFormContext } from "react-hook-form";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { RESTRICTED_STEPS } from "@/lib/connections/test/steps";
import type { ConnectionForm } from "../connection-form";
import { TestSteps } from "../test-steps";
import { useConnectionTest } from "../use-connection-test";
import { AccountScript } from "./account-script";

const blankIsAbsent = (value: unknown) => (value === "" || value === null ? undefined : value);

/** The second account of a connection: its fields, the script that makes it, and the check that it fits the masks. */
export function RestrictedCard({
  connectionId,
  stored,
}: {
  readonly connectionId: string;
  /** The account that is stored; null: none. */
  readonly stored: string | null;
}) {
  const { register, setValue, watch, getValues, formState } = useFormContext<ConnectionForm>();
  const [script, setScript] = useState(false);
  const test = useConnectionTest(`/api/connections/${connectionId}/restricted/test`);
  const user = watch("restrictedUser") ?? "";
  const { errors } = formState;

  function check() {
    const typed = getValues("restrictedPassword");
    void test.start({ user, ...(typed === undefined || typed === "" ? {} : { password: typed }) });
  }

  return (
    <Card
      title="Restricted account"
      description="Optional: an account that the database itself keeps away from masked columns, as a second opinion on every statement."
    >
      <div className="flex flex-col gap-4">
        <div className="grid gap-3 sm:grid-cols-2">
          <Field label="Restricted user" optional error={errors.restrictedUser?.message}>
            <Input {...register("restrictedUser")} autoComplete="off" spellCheck={false} placeholder="shop_clean" />
          </Field>
          <Field
            label="Restricted password"
            optional
            error={errors.restrictedPassword?.message}
            description={
              stored === null
                ? "Stored encrypted, never shown again."
                : "Only needed when host, port or this user change; the stored one is never shown."
            }
          >
            <Input
              {...register("restrictedPassword", { setValueAs: blankIsAbsent })}
              type="password"
              autoComplete="new-password"
            />
          </Field>
        </div>
        <div className="flex flex-wrap gap-2">
          <Button disabled={user === ""} onClick={() => setScript(!script)} aria-expanded={script}>
            {script ? "Hide the script" : "Show the script that makes it"}
          </Button>
          <Button disabled={user === ""} pending={test.state.running} onClick={check}>
            Check that it fits
          </Button>
          {stored === null ? null : (
            <Button
              variant="danger-outline"
              disabled={user === ""}
              onClick={() => {
                setValue("restrictedUser", "", { shouldDirty: true });
                setValue("restrictedPassword", undefined, { shouldDirty: true });
              }}
            >
              Remove the account
            </Button>
          )}
        </div>
        {stored !== null && user === "" ? (
          <p role="status" className="text-sm text-warn">
            Saving removes {stored} and its stored password. Masks then hold without the second opinion.
          </p>
        ) : null}
        {script && user !== "" ? <AccountScript connectionId={connectionId} user={user} /> : null}
        <TestSteps state={test.state} steps={RESTRICTED_STEPS} />
      </div>
    </Card>
  );
}
