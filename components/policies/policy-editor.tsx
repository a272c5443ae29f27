"use client";

import { useRouter } from "next/navigation";
import { useMemo, useReducer, useState } from "react";
import { ConflictNotice } from "@/components/connections/conflict-notice";
import { useHydrated } from "@/components/connections/use-hydrated";
import { ImpactPanel } from "@/components/impact/impact-panel";
import { useImpact } from "@/components/impact/use-impact";
import { Button } from "@/components/ui/button";
import { LeaveGuard } from "@/components/ui/leave-guard";
import { errorText } from "@/components/ui/send";
import { Tabs } from "@/components/ui/tabs";
import { toast } from "@/components/ui/toaster";
import type { ActionResult } from "@/lib/auth/console-action";
import type { EnforcementMode } from "@/lib/connections/model";
import type { FieldProblem } from "@/lib/errors/error";
import type { ErrorBody } from "@/lib/http/error-body";
import { policyChanges } from "@/lib/policy/draft/changes";
import { compactDraft, draftProblems, emptyDraft, type PolicyDraft } from "@/lib/policy/draft/draft";
import { policyImpact } from "@/lib/policy/impact/draft";
import { limitsLoosen } from "@/lib/policy/impact/limits-loosen";
import { policyOnlyNarrows } from "@/lib/policy/impact/policy-narrows";
import type { LearnedOrigin } from "@/lib/policy/policy-input";
import type { BindingSuggestion } from "@/lib/policy/suggest-bindings";
import { ChangeList } from "./change-list";
import { type PolicyEditing, PolicyEditingProvider } from "./editor-context";
import { editorReducer, openingState } from "./editor-state";
import { PolicyFile } from "./policy-file";
import { PolicyForm } from "./policy-form";
import { messageAt, pathOfProblem } from "./problem-at";
import { PublishDialog } from "./publish-dialog";
import type { SeenIdentity } from "./try/identity-input";
import { TryPanel, type TryPanelProps } from "./try/try-panel";
import { useDraftCheck } from "./use-draft-check";
import { useLastValid } from "./use-last-valid";
import { ViewSwitch } from "./view-switch";

type Content = Omit<PolicyDraft, "connection">;

export interface PolicyEditorProps {
  /** The published policy; null for a new one. */
  readonly stored: {
    readonly id: string;
    readonly version: number;
    readonly draft: PolicyDraft;
    readonly updatedBy: string;
  } | null;
  /** What the editor opens with: a new policy, the published one, or that one with what somebody came here to add. */
  readonly starting: PolicyDraft;
  readonly connections: readonly { readonly id: string; readonly name: string; readonly mode: EnforcementMode }[];
  readonly suggestions: readonly BindingSuggestion[];
  readonly seen: readonly SeenIdentity[];
  readonly tried?: TryPanelProps["start"];
  /** Null for people who may only look. */
  readonly actions: {
    readonly create: (
      input: Content & { connectionId: string; summary: string; learned?: LearnedOrigin; confirmation?: string },
    ) => Promise<ActionResult<{ id: string; version: number; revision: number }>>;
    readonly update: (
      input: Omit<Content, "budgets" | "sudden"> & {
        id: string;
        version: number;
        summary: string;
        learned?: LearnedOrigin;
        confirmation?: string;
        /** Null: it has none any more. */
        budgets: Content["budgets"] | null;
        sudden: Content["sudden"] | null;
      },
    ) => Promise<ActionResult<{ version: number; revision: number | null }>>;
  } | null;
}

const UNNAMED = "this policy";

/** A policy as form and as file, both the same thing, with a simulator beside it. */
export function PolicyEditor({ stored, starting, connections, suggestions, seen, tried, actions }: PolicyEditorProps) {
  const router = useRouter();
  const hydrated = useHydrated();
  const readOnly = actions === null;
  /** What the person started from: the version to lock on, and what a stranger's change is compared with. */
  const [base, setBase] = useState(stored);
  const [state, dispatch] = useReducer(editorReducer, { stored: stored?.draft ?? null, starting }, openingState);
  const [publishing, setPublishing] = useState(false);
  const [attempted, setAttempted] = useState(stored !== null);
  const [refused, setRefused] = useState<{
    readonly draft: PolicyDraft;
    readonly problems: readonly FieldProblem[];
  } | null>(null);
  const [conflict, setConflict] = useState<ErrorBody | null>(null);
  const { draft } = state;
  const connection = connections.find((one) => one.name === draft.connection) ?? null;

  const problems = useMemo(() => draftProblems(draft), [draft]);
  const changes = useMemo(
    () => (problems.length > 0 ? [] : policyChanges(base?.draft ?? null, draft)),
    [problems, base, draft],
  );
  const differsFrom = (other: PolicyDraft) =>
    JSON.stringify(compactDraft(draft)) !== JSON.stringify(compactDraft(other)) || state.textProblems.length > 0;
  /** There is something to lose. */
  const dirty = differsFrom(base?.draft ?? starting);
  /** There is something to publish: also what a new policy was opened with. */
  const publishable = differsFrom(base?.draft ?? emptyDraft(starting.connection));
  // A statement can be tried before the policy has a name.
  const tryable = useMemo(() => (draft.name === "" ? { ...draft, name: UNNAMED } : draft), [draft]);
  const valid = useLastValid(tryable, draftProblems(tryable).length === 0);
  const findings = useDraftCheck(draft);
  const drafted = valid === null || valid.connection === "" ? null : valid;
  const asked = drafted === null ? null : policyImpact(drafted.connection, base?.draft.name ?? null, drafted);
  const impact = useImpact(asked);
  // Where nothing is blocked, what a draft would block is seen only as if it were enforced.
  const observes = connection?.mode === "observe";
  const enforced = useImpact(asked === null || !observes ? null : { ...asked, mode: "enforce" });

  const editing = useMemo((): PolicyEditing => {
    const server = refused?.draft === draft ? refused.problems : [];
    const found = [...problems, ...server.map((one) => ({ path: pathOfProblem(one.path), message: one.message }))];
    const problemAt = messageAt(found);
    return {
      draft,
      dispatch,
      readOnly,
      connectionId: connection?.id ?? null,
      // A new policy's empty name is no reproach before somebody wants to publish it.
      problemAt: (path) => (!attempted && draft.name === "" && path[0] === "name" ? null : problemAt(path)),
      warningAt: messageAt(findings.warnings),
      templates: findings.templates,
    };
  }, [draft, readOnly, connection, problems, refused, attempted, findings]);

  function askToPublish() {
    setAttempted(true);
    if (state.textProblems.length > 0 || problems.length > 0) {
      toast.error("The policy has problems", "They are marked at their fields; correct them, then publish");
    } else setPublishing(true);
  }

  async function publish(
    summary: string,
    version: number,
    confirmation: { readonly confirmation?: string },
  ): Promise<string | null> {
    if (actions === null) return null;
    const { connection: name, ...content } = compactDraft(draft);
    const { budgets = null, sudden = null } = content;
    const result =
      base === null
        ? await actions.create({ ...content, connectionId: connection?.id ?? "", summary, ...confirmation })
        : await actions.update({ ...content, budgets, sudden, id: base.id, version, summary, ...confirmation });
    if (!result.ok) {
      if (result.error.code === "CONFLICT") {
        setPublishing(false);
        setConflict(result.error);
        router.refresh();
        return null;
      }
      impact.refused(result.error);
      setRefused({ draft, problems: result.error.problems });
      return result.error.problems[0]?.message ?? errorText(result.error);
    }
    const { data } = result;
    setPublishing(false);
    setConflict(null);
    impact.forget();
    enforced.forget();
    const { revision } = data;
    toast.success(
      `${draft.name} is published`,
      "In force at every gateway within a second",
      revision === null ? undefined : { label: `Revision ${revision}`, href: `/policies/history/${revision}` },
    );
    const id = "id" in data && typeof data.id === "string" ? data.id : base?.id;
    setBase({
      id: id ?? "",
      version: data.version,
      draft: { ...compactDraft(draft), connection: name },
      updatedBy: "",
    });
    if (base === null && id !== undefined) router.replace(`/policies/${id}`);
    else router.refresh();
    return null;
  }

  const theirs = stored !== null && base !== null && stored.version > base.version ? stored : null;
  const theirChanges = theirs === null || base === null ? [] : policyChanges(base.draft, theirs.draft);
  const trying = (
    <TryPanel
      connection={draft.connection}
      draft={readOnly ? null : valid}
      storedName={base?.draft.name ?? null}
      outdated={!readOnly && valid !== tryable}
      seen={seen}
      suggestions={suggestions}
      {...(tried === undefined ? {} : { start: tried })}
    />
  );
  return (
    <PolicyEditingProvider value={editing}>
      <div className="grid min-w-0 items-start gap-4 xl:grid-cols-[minmax(0,1fr)_26rem]">
        <div className="flex min-w-0 flex-col gap-4">
          <ViewSwitch
            view={state.view}
            blocked={state.textProblems.length > 0}
            disabled={!hydrated}
            onChange={(view) => dispatch({ do: "show", view })}
          />
          {theirs !== null && conflict === null && !readOnly ? (
            <p role="status" className="rounded-md bg-warn-soft px-3 py-2 text-sm text-warn">
              {theirs.updatedBy} published this policy while you were editing. Publishing will show you the difference
              first.
            </p>
          ) : null}
          <fieldset disabled={!hydrated} className="flex min-w-0 flex-col gap-4">
            {state.view === "form" ? (
              <PolicyForm
                state={state}
                connections={connections.map((one) => one.name)}
                fixedConnection={base !== null}
                suggestions={suggestions}
              />
            ) : (
              <PolicyFile state={state} warnings={findings.warnings} />
            )}
          </fieldset>
          {findings.schemaKnown ? null : (
            <p className="text-faint text-xs">
              The schema of {draft.connection} is not known yet, so names can not be compared with it: a gateway reads
              it.
            </p>
          )}
          {conflict === null ? null : (
            <ConflictNotice
              error={conflict}
              current={theirs !== null}
              difference={<ChangeList changes={theirChanges} label="What they changed" />}
              onTakeTheirs={() => {
                if (theirs === null) return;
                setBase(theirs);
                dispatch({ do: "replace", draft: theirs.draft });
                setConflict(null);
              }}
              onKeepMine={() => {
                if (theirs === null) return;
                setBase(theirs);
                setConflict(null);
                setPublishing(true);
              }}
            />
          )}
          {readOnly ? null : (
            <div className="sticky bottom-0 z-10 flex flex-wrap items-center justify-end gap-2 border-t bg-bg py-3">
              <p role="status" className="mr-auto text-muted text-xs">
                {publishable ? "Not published yet" : base === null ? "" : "As published"}
              </p>
              <Button
                disabled={!dirty}
                onClick={() => {
                  dispatch({ do: "replace", draft: base?.draft ?? starting });
                  setConflict(null);
                }}
              >
                Discard
              </Button>
              <Button variant="primary" disabled={!publishable || !hydrated} onClick={askToPublish}>
                Save and publish
              </Button>
            </div>
          )}
        </div>
        <div className="min-w-0 xl:sticky xl:top-16 xl:max-h-[calc(100vh-5rem)] xl:overflow-y-auto">
          {readOnly ? (
            trying
          ) : (
            <Tabs
              label="Before publishing"
              keepMounted
              items={[
                { value: "try", label: "Try", content: trying },
                {
                  value: "impact",
                  label: "Impact",
                  content: (
                    <ImpactPanel
                      impact={observes ? enforced : impact}
                      {...(observes
                        ? {
                            note: `${draft.connection} only observes: this is what it would do if it enforced the draft.`,
                          }
                        : {})}
                      ready={hydrated && drafted === tryable && state.textProblems.length === 0}
                    />
                  ),
                },
              ]}
            />
          )}
        </div>
      </div>
      <LeaveGuard dirty={dirty} what="What you changed in this policy is not published." />
      <PublishDialog
        open={publishing}
        onOpenChange={setPublishing}
        name={draft.name}
        changes={changes}
        impact={impact}
        onlyNarrows={policyOnlyNarrows(base?.draft ?? null, compactDraft(draft))}
        loosens={base !== null && limitsLoosen(base.draft, compactDraft(draft))}
        onPublish={(note, confirmation) => publish(note, base?.version ?? 1, confirmation)}
      />
    </PolicyEditingProvider>
  );
}
