"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { Plus } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { FormProvider, useForm } from "react-hook-form";
import type { z } from "zod";
import { AgentConnect } from "@/components/connect/agent-connect";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Sheet } from "@/components/ui/sheet";
import type { ActionResult } from "@/lib/auth/console-action";
import type { AgentFacts } from "@/lib/connections/agent-facts";
import { newConnection } from "@/lib/connections/input";
import type { Binding } from "@/lib/policy/binding";
import type { Rule } from "@/lib/policy/rule";
import type { BindingSuggestion } from "@/lib/policy/suggest-bindings";
import { BindingsInput } from "./bindings-input";
import { type ConnectionForm, newConnectionForm, type SettingsValues, showProblems } from "./connection-form";
import { AccountInputs, AddressInputs, TlsInputs } from "./connection-inputs";
import { type FirstRules, FirstRulesInput, firstRules } from "./first-rules";
import { SuggestionNote } from "./suggestion-note";
import { TestSteps, verdict } from "./test-steps";
import { useConnectionTest } from "./use-connection-test";
import { WizardSteps } from "./wizard-steps";

type NewInput = z.input<typeof newConnection>;

export interface NewConnectionProps {
  readonly agent: AgentFacts;
  readonly suggestions: readonly BindingSuggestion[];
  readonly now: number;
  readonly create: (input: NewInput) => Promise<ActionResult<{ id: string; name: string }>>;
  readonly createPolicy: (input: {
    name: string;
    connectionId: string;
    identities: Binding[];
    rules: Rule[];
  }) => Promise<ActionResult<{ id: string; version: number }>>;
}

const STEPS = ["Address and account", "Test", "Who may connect", "Connect an agent"] as const;

/** The button that opens the wizard. */
export function NewConnectionButton(props: NewConnectionProps) {
  const [open, setOpen] = useState(false);
  const [dirty, setDirty] = useState(false);
  return (
    <>
      <Button variant="primary" onClick={() => setOpen(true)}>
        <Plus aria-hidden />
        New connection
      </Button>
      <Sheet
        open={open}
        onOpenChange={setOpen}
        dirty={dirty}
        title="New connection"
        description="A database that agents reach through the gateway."
        className="max-w-2xl"
      >
        {open ? <Wizard {...props} onDirty={setDirty} onClose={() => setOpen(false)} /> : null}
      </Sheet>
    </>
  );
}

/** From an address to a connected agent. Nothing is stored before the third step is confirmed. */
function Wizard({
  agent,
  suggestions,
  now,
  create,
  createPolicy,
  onDirty,
  onClose,
}: NewConnectionProps & { readonly onDirty: (dirty: boolean) => void; readonly onClose: () => void }) {
  const router = useRouter();
  const [step, setStep] = useState(0);
  const [bindings, setBindings] = useState<readonly Binding[]>([]);
  const [first, setFirst] = useState<FirstRules | null>(null);
  const [made, setMade] = useState<{ id: string; name: string; schema: string | null } | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [pending, setPending] = useState(false);
  const test = useConnectionTest();
  const form = useForm<ConnectionForm, unknown, SettingsValues>({
    resolver: zodResolver(newConnectionForm),
    defaultValues: { name: "", host: "", port: 3306, user: "", tls: "preferred", limits: {} },
    mode: "onTouched",
  });

  const toTest = form.handleSubmit(
    async ({ password, name: _, limits: __, restrictedUser: ___, restrictedPassword: ____, ...fields }) => {
      onDirty(true);
      setStep(1);
      await test.start({ fields, password });
    },
  );

  async function store() {
    setPending(true);
    setProblem(null);
    const values = newConnection.parse(newConnectionForm.parse(form.getValues()));
    const created = await create(values);
    if (!created.ok) {
      setPending(false);
      const general = showProblems(created.error, form.setError);
      setProblem(general);
      if (general === null) setStep(0);
      return;
    }
    const identities = [...bindings];
    const rules = first === null ? [] : firstRules(first, values.schema ?? null);
    const bound =
      identities.length === 0
        ? null
        : await createPolicy({ name: `${values.name}-access`, connectionId: created.data.id, identities, rules });
    if (bound?.ok === false) {
      setProblem(
        `The connection is stored, but nobody is bound to it yet: ${bound.error.message}. Add them on its page under Who may connect.`,
      );
    }
    setPending(false);
    onDirty(false);
    setMade({ id: created.data.id, name: values.name, schema: values.schema ?? null });
    setStep(3);
    router.refresh();
  }

  return (
    <FormProvider {...form}>
      <div className="flex flex-col gap-5">
        <WizardSteps steps={STEPS} current={step} />
        {problem === null ? null : (
          <p role="alert" className="rounded-md bg-danger-soft px-3 py-2 text-danger text-sm">
            {problem}
          </p>
        )}
        {step === 0 ? (
          <form
            className="flex flex-col gap-4"
            onSubmit={(event) => void toTest(event)}
            onChange={() => onDirty(true)}
            noValidate
          >
            <Field
              label="Name"
              error={form.formState.errors.name?.message}
              description="Agents give it as their user name. Lower-case letters, digits, - and _."
            >
              <Input {...form.register("name")} autoComplete="off" spellCheck={false} placeholder="shop" />
            </Field>
            <AddressInputs />
            <AccountInputs passwordHint="Stored encrypted, never shown again." />
            <TlsInputs />
            <Footer>
              <Button type="submit" variant="primary">
                Test the connection
              </Button>
            </Footer>
          </form>
        ) : null}
        {step === 1 ? (
          <>
            <TestSteps state={test.state} />
            <p className="text-faint text-xs">
              Tested from the console's machine; the gateway may stand elsewhere in your network.
            </p>
            <p className="font-medium text-sm">{verdict(test.state)}</p>
            <Footer>
              <Button onClick={() => setStep(0)}>Back</Button>
              <Button onClick={() => void toTest()} pending={test.state.running}>
                Test again
              </Button>
              <Button variant="primary" onClick={() => setStep(2)} disabled={test.state.running}>
                {test.state.results.some((one) => one.status === "failed") || test.state.error !== null
                  ? "Continue anyway"
                  : "Continue"}
              </Button>
            </Footer>
          </>
        ) : null}
        {step === 2 ? (
          <>
            <BindingsInput value={bindings} onChange={setBindings} suggestions={suggestions} />
            {bindings.length === 0 ? null : (
              <FirstRulesInput value={first} schema={form.getValues("schema") || null} onChange={setFirst} />
            )}
            <Footer>
              <Button onClick={() => setStep(1)}>Back</Button>
              <Button
                variant="primary"
                onClick={() => void store()}
                pending={pending}
                disabled={bindings.length > 0 && first === null}
              >
                {bindings.length === 0 ? "Create, bind nobody yet" : "Create connection"}
              </Button>
            </Footer>
          </>
        ) : null}
        {step === 3 && made !== null ? (
          <>
            <SuggestionNote connection={made} />
            <AgentConnect
              now={now}
              fixed={made.name}
              facts={{
                ...agent,
                connections: [
                  {
                    name: made.name,
                    schema: made.schema,
                    bound: bindings.length > 0,
                    clientIds: bindings.flatMap((one) => ("client_id" in one ? [one.client_id] : [])),
                  },
                ],
              }}
            />
            <Footer>
              <Button onClick={onClose}>Close</Button>
              <Button
                variant="primary"
                onClick={() => {
                  onClose();
                  router.push(`/connections/${made.name}`);
                }}
              >
                Open {made.name}
              </Button>
            </Footer>
          </>
        ) : null}
      </div>
    </FormProvider>
  );
}

function Footer({ children }: { readonly children: React.ReactNode }) {
  return <div className="flex flex-wrap justify-end gap-2 border-t pt-4">{children}</div>;
}
