"use client";

import type { CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import { useMemo } from "react";
import { CodeEditor } from "@/components/ui/code-editor/code-editor";
import { completeDraft } from "@/lib/policy/draft/complete";
import type { DraftProblem } from "@/lib/policy/draft/draft";
import { rangeOf, readDraftText } from "@/lib/policy/draft/draft-text";
import { usePolicyEditing } from "./editor-context";
import type { EditorState } from "./editor-state";
import { findNames } from "./use-names";

const KIND_OF: Readonly<Record<string, "table" | "column">> = { tables: "table", columns: "column", where: "column" };

/** The file view: the policy's entry of the configuration file, checked while one types. */
export function PolicyFile({
  state,
  warnings,
}: {
  readonly state: EditorState;
  readonly warnings: readonly DraftProblem[];
}) {
  const { dispatch, readOnly, connectionId } = usePolicyEditing();
  const { text, textProblems } = state;
  const diagnostics = useMemo(() => {
    const errors = textProblems.map(({ from, to, message }) => ({ from, to, message, severity: "error" as const }));
    if (errors.length > 0) return errors;
    const read = readDraftText(text);
    if (!read.ok) return [];
    return warnings.map(({ path, message }) => ({
      ...rangeOf(read.document, path),
      message,
      severity: "warning" as const,
    }));
  }, [text, textProblems, warnings]);

  async function complete(context: CompletionContext): Promise<CompletionResult | null> {
    const found = completeDraft(context.state.doc.toString(), context.pos);
    if (found === null || (!context.explicit && found.from === context.pos)) return null;
    const list = found.path.at(-2);
    const kind = found.kind === "value" && typeof list === "string" ? KIND_OF[list] : undefined;
    if (kind !== undefined && connectionId !== null) {
      const word = context.state.sliceDoc(found.from, context.pos);
      const negated = word.startsWith("!");
      const names = await findNames(connectionId, kind, negated ? word.slice(1) : word);
      return {
        from: found.from,
        filter: false,
        options: names.map((one) => {
          const label = negated ? `!${one.value}` : one.value;
          // Quoted: a ! at the beginning would be a tag, and a * an alias.
          return { label, detail: one.detail, apply: negated ? `"${label}"` : label };
        }),
      };
    }
    return { from: found.from, options: found.options.map((one) => ({ ...one })) };
  }

  return (
    <div className="flex min-w-0 flex-col gap-2">
      <CodeEditor
        language="yaml"
        label="The policy as a file"
        describedBy="file-problems"
        invalid={textProblems.length > 0}
        readOnly={readOnly}
        value={text}
        diagnostics={diagnostics}
        complete={complete}
        onChange={(next) => dispatch({ do: "type", text: next })}
        className="[&_.cm-editor]:max-h-160 [&_.cm-editor]:min-h-80"
      />
      <div id="file-problems" aria-live="polite" className="text-xs">
        {diagnostics.length === 0 ? (
          <p className="text-faint">
            As it stands in the configuration file. Ctrl+Space shows what can stand where the cursor is.
          </p>
        ) : (
          <ul className="flex flex-col gap-0.5">
            {diagnostics.map((one) => (
              <li key={`${one.from} ${one.message}`} className={one.severity === "error" ? "text-danger" : "text-warn"}>
                Line {text.slice(0, one.from).split("\n").length}: {one.message}
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}
