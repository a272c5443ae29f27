"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { FormProvider, useForm } from "react-hook-form";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { toast } from "@/components/ui/toaster";
import type { ActionResult } from "@/lib/auth/console-action";
import { changesUnseen } from "@/lib/connections/changes-unseen";
import { differences } from "@/lib/connections/differences";
import type { ConnectionChange, EditableFields } from "@/lib/connections/input";
import type { ErrorBody } from "@/lib/http/error-body";
import { ApprovalInputs } from "./approval-inputs";
import { ConflictNotice } from "./conflict-notice";
import {
  type ConnectionForm,
  type SettingsValues,
  settingsForm,
  showProblems,
  startingValues,
} from "./connection-form";
import { AccountInputs, AddressInputs, LimitInputs, TlsInputs } from "./connection-inputs";
import { ModeInput, useModeCheck } from "./mode-input";
import { RecordingInputs } from "./recording-inputs";
import { RestrictedCard } from "./restricted/restricted-card";
import { TestSteps } from "./test-steps";
import { UnseenWords, useUnseenCheck } from "./unseen-words";
import { useConnectionTest } from "./use-connection-test";
import { useHydrated } from "./use-hydrated";

export interface SettingsFormProps {
  readonly id: string;
  readonly version: number;
  readonly fields: EditableFields;
  /** The second account; null: none. */
  readonly restrictedUser: string | null;
  /** Whether a change that no impact tells of has to be confirmed in words. */
  readonly asksUnseen: boolean;
  readonly update: (input: ConnectionChange) => Promise<ActionResult<{ version: number }>>;
}

/** Every setting of a connection that is in force, with a test of what is typed before it is saved. */
export function SettingsForm({ id, version, fields, restrictedUser, asksUnseen, update }: SettingsFormProps) {
  const router = useRouter();
  const hydrated = useHydrated();
  /** What the person started from: the version to lock on, and the values to compare a stranger's change with. */
  const [base, setBase] = useState({ version, fields, restrictedUser });
  const [conflict, setConflict] = useState<ErrorBody | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const test = useConnectionTest();
  const form = useForm<ConnectionForm, unknown, SettingsValues>({
    resolver: zodResolver(settingsForm),
    defaultValues: startingValues(fields, restrictedUser),
    mode: "onTouched",
  });
  const { isDirty, isSubmitting } = form.formState;
  const mode = useModeCheck(base.fields, form.watch("mode") ?? null);
  const account = form.watch("restrictedUser") ?? "";
  const [schema, restricted] = [form.watch("schema"), account === "" ? null : account];
  const differs = changesUnseen(
    { schema: base.fields.schema, restrictedUser: base.restrictedUser },
    { schema, restrictedUser: restricted },
  );
  // A connection that is to observe is confirmed as that.
  const unseen = useUnseenCheck(asksUnseen && differs && !(mode.changed && form.watch("mode") === "observe"));

  useEffect(() => {
    if (!isDirty) return;
    const hold = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", hold);
    return () => window.removeEventListener("beforeunload", hold);
  }, [isDirty]);

  function restart() {
    setBase({ version, fields, restrictedUser });
    setConflict(null);
    form.reset(startingValues(fields, restrictedUser));
  }

  async function save(
    { password, restrictedUser: account, restrictedPassword, ...changed }: SettingsValues,
    onVersion: number,
  ) {
    const wanted = account === undefined || account === "" ? null : account;
    setProblem(null);
    const result = await update({
      id,
      version: onVersion,
      fields: changed,
      ...(password === undefined ? {} : { password }),
      restricted:
        wanted === null
          ? null
          : { user: wanted, ...(restrictedPassword === undefined ? {} : { password: restrictedPassword }) },
      ...(unseen.words === null ? mode.check.confirmation : { confirmation: unseen.typed }),
    });
    if (result.ok) {
      setConflict(null);
      setBase({ version: result.data.version, fields: changed, restrictedUser: wanted });
      form.reset(startingValues(changed, wanted));
      toast.success("Settings saved", "New sessions use them; open ones go on as they are");
      if (changed.name !== fields.name) router.replace(`/connections/${changed.name}?tab=settings`);
    } else if (result.error.code === "CONFLICT") {
      setConflict(result.error);
    } else {
      mode.impact.refused(result.error);
      setProblem(showProblems(result.error, form.setError));
    }
    router.refresh();
  }

  const theirs = differences(
    { ...base.fields, restricted: base.restrictedUser },
    { ...fields, restricted: restrictedUser },
  );
  return (
    <FormProvider {...form}>
      <form
        className="max-w-3xl"
        noValidate
        onSubmit={(event) => void form.handleSubmit((values) => save(values, base.version))(event)}
      >
        <fieldset disabled={!hydrated} className="flex min-w-0 flex-col gap-4">
          {conflict === null && isDirty && version !== base.version ? (
            <p role="status" className="rounded-md bg-warn-soft px-3 py-2 text-sm text-warn">
              Someone saved this connection while you were editing. Saving will show you the difference first.
            </p>
          ) : null}
          <Card title="Address and account">
            <div className="flex flex-col gap-4">
              <Field
                label="Name"
                error={form.formState.errors.name?.message}
                description="Agents give it as their user name: a new name cuts off agents that still use the old one."
              >
                <Input {...form.register("name")} autoComplete="off" spellCheck={false} />
              </Field>
              <AddressInputs />
              <AccountInputs
                passwordOptional
                passwordHint="Only needed when host, port or user change: the stored password goes nowhere else."
              />
            </div>
          </Card>
          <Card title="Encryption">
            <div className="flex flex-col gap-4">
              <TlsInputs />
            </div>
          </Card>
          <Card title="Mode" description="Whether decisions act, or are only recorded.">
            <ModeInput {...mode} />
          </Card>
          <Card title="Limits">
            <LimitInputs />
          </Card>
          <Card title="Approvals" description="What happens to statements that a rule puts up for review.">
            {/* Mounted anew with other values: its text field keeps what is typed, commas and all. */}
            <ApprovalInputs key={`${base.version}.${JSON.stringify(base.fields.approvals)}`} />
          </Card>
          <Card
            title={<span id="recording">Recording</span>}
            description="What is kept of what clients were answered. Every statement is recorded in any case."
          >
            <RecordingInputs
              key={`${base.version}.${JSON.stringify(base.fields.recording)}`}
              connectionId={id}
              storedDays={base.fields.recording?.retention_days ?? null}
            />
          </Card>
          <RestrictedCard connectionId={id} stored={restrictedUser} />
          <UnseenWords {...unseen} />
          <p className="text-muted text-xs">
            What identities may do is decided by the rules on the Policies page, and what nobody sees by the Masks page.
          </p>
          {test.state.running || test.state.results.length > 0 || test.state.error !== null ? (
            <Card title="Test of these values">
              <TestSteps state={test.state} />
            </Card>
          ) : null}
          {conflict === null ? null : (
            <ConflictNotice
              error={conflict}
              current={version !== base.version}
              difference={
                <ul className="list-disc pl-4">
                  {theirs.map((one) => (
                    <li key={one.field}>
                      {one.field}: {text(one.before)} became {text(one.after)}
                    </li>
                  ))}
                  {theirs.length === 0 ? <li>The values are the same; a password was replaced.</li> : null}
                </ul>
              }
              onTakeTheirs={restart}
              onKeepMine={() => void form.handleSubmit((values) => save(values, version))()}
            />
          )}
          {problem === null ? null : (
            <p role="alert" className="text-danger text-sm">
              {problem}
            </p>
          )}
          <div className="sticky bottom-0 flex flex-wrap justify-end gap-2 border-t bg-bg py-3">
            <Button
              pending={test.state.running}
              onClick={() =>
                void form.handleSubmit(
                  ({
                    password,
                    name: _,
                    mode: __,
                    limits: ___,
                    approvals: ____,
                    restrictedUser: _____,
                    restrictedPassword: ______,
                    recording: _______,
                    ...tested
                  }) =>
                    test.start({ connectionId: id, fields: tested, ...(password === undefined ? {} : { password }) }),
                )()
              }
            >
              Test these values
            </Button>
            <Button disabled={!isDirty} onClick={restart}>
              Discard
            </Button>
            <Button
              type="submit"
              variant="primary"
              disabled={!isDirty || !mode.ready || !unseen.ready}
              pending={isSubmitting}
            >
              Save
            </Button>
          </div>
        </fieldset>
      </form>
    </FormProvider>
  );
}

const text = (value: unknown) => (value === null ? "empty" : String(value));
