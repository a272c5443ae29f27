"use client";

import { useMemo, useState } from "react";
import { bindingParts } from "@/components/connections/binding-text";
import { Card } from "@/components/ui/card";
import { CodeEditor } from "@/components/ui/code-editor/code-editor";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { errorText } from "@/components/ui/send";
import type { Mask } from "@/lib/masking/mask";
import type { PolicyDraft } from "@/lib/policy/draft/draft";
import type { BindingSuggestion } from "@/lib/policy/suggest-bindings";
import { IdentityInput, identityQuestion, type SeenIdentity, type TriedIdentity } from "./identity-input";
import { TryResult } from "./try-result";
import { type Trial, useTrial } from "./use-trial";

export interface TryPanelProps {
  readonly connection: string;
  /** The policy as it is being edited; takes the place of the stored one. Null: the stored policies as they are. */
  readonly draft: PolicyDraft | null;
  /** The name under which it is stored, to leave that one out when the draft has another. */
  readonly storedName: string | null;
  /** Masks in place of the connection's stored ones; left out: those. */
  readonly masks?: readonly Mask[];
  readonly title?: string;
  /** The draft on the page has problems: what is tried is its last state without. */
  readonly outdated?: boolean;
  readonly seen: readonly SeenIdentity[];
  readonly suggestions: readonly BindingSuggestion[];
  /** From a recorded statement. */
  readonly start?: { readonly sql: string; readonly identityId: string | null; readonly schema: string | null };
}

/** Tries a statement against the policies, draft included; nothing is sent to the database. */
export function TryPanel({
  connection,
  draft,
  storedName,
  masks,
  title = "Try a statement",
  outdated = false,
  seen,
  suggestions,
  start,
}: TryPanelProps) {
  const [identity, setIdentity] = useState<TriedIdentity | null>(
    start?.identityId && seen.some((one) => one.id === start.identityId)
      ? { kind: "seen", value: start.identityId }
      : null,
  );
  const [schema, setSchema] = useState(start?.schema ?? "");
  const [sql, setSql] = useState(start?.sql ?? "");
  const first = draft?.identities[0];
  const shown = identity ?? (first === undefined ? { kind: "client_id", value: "" } : bindingParts(first));
  const who = identityQuestion(shown);
  const question =
    sql.trim() === "" || who === null || connection === ""
      ? null
      : {
          connection,
          identity: who,
          sql,
          ...(schema.trim() === "" ? {} : { schema: schema.trim() }),
          ...(draft === null && masks === undefined
            ? {}
            : {
                drafts: {
                  ...(draft === null ? {} : draftsOf(draft, storedName)),
                  ...(masks === undefined ? {} : { masks }),
                },
              }),
        };
  const trial = useTrial(question);
  const diagnostics = useMemo(() => marksOf(sql, trial.answer), [sql, trial.answer]);
  return (
    <Card title={title} description="Nothing is sent to the database.">
      <div className="flex min-w-0 flex-col gap-3">
        <IdentityInput value={shown} onChange={setIdentity} seen={seen} suggestions={suggestions} />
        <Field label="Default schema" optional>
          <Input
            value={schema}
            autoComplete="off"
            spellCheck={false}
            placeholder="the connection's"
            onChange={(event) => setSchema(event.target.value)}
          />
        </Field>
        <CodeEditor
          language="sql"
          label="Statement to try"
          placeholder="SELECT * FROM orders WHERE id = 1"
          value={sql}
          onChange={setSql}
          onSubmit={trial.now}
          diagnostics={diagnostics}
        />
        {outdated ? (
          <p className="text-warn text-xs">The policy has problems: this is its last state without them.</p>
        ) : null}
        <div aria-live="polite" aria-busy={trial.pending}>
          <Outcome trial={trial} asked={question !== null} sql={sql} who={who !== null} />
        </div>
      </div>
    </Card>
  );
}

function Outcome({
  trial,
  asked,
  sql,
  who,
}: {
  readonly trial: Trial;
  readonly asked: boolean;
  readonly sql: string;
  readonly who: boolean;
}) {
  if (!asked) {
    const missing =
      sql.trim() === "" ? "Write a statement as the agent would send it." : who ? "" : "Say who sends it.";
    return <p className="text-faint text-sm">{missing}</p>;
  }
  if (trial.error !== null) {
    return (
      <p role="alert" className="text-danger text-sm">
        {trial.error.problems[0]?.message ?? errorText(trial.error)}
      </p>
    );
  }
  if (trial.answer === null) return <p className="text-faint text-sm">Asking …</p>;
  return <TryResult answer={trial.answer} />;
}

function draftsOf({ connection: _, ...policy }: PolicyDraft, storedName: string | null) {
  return { policies: [policy], without: storedName === null || storedName === policy.name ? [] : [storedName] };
}

/** The place a refusal is about, as far as the word goes. */
function marksOf(sql: string, answer: Trial["answer"]) {
  if (answer?.result.kind !== "not_understood" || answer.result.position === null) return [];
  const { line, column } = answer.result.position;
  const lines = sql.split("\n");
  const before = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  const from = before + [...(lines[line - 1] ?? "")].slice(0, column - 1).join("").length;
  const word = /^[\w$`'".]+/.exec(sql.slice(from))?.[0] ?? sql.slice(from, from + 1);
  return [{ from, to: from + word.length, severity: "error" as const, message: answer.result.message }];
}
