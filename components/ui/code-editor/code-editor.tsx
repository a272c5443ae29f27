"use client";

import {
  acceptCompletion,
  autocompletion,
  type CompletionContext,
  type CompletionResult,
  completionKeymap,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { MySQL, sql } from "@codemirror/lang-sql";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, indentOnInput } from "@codemirror/language";
import { type Diagnostic, setDiagnostics } from "@codemirror/lint";
import { Compartment, EditorState } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
  placeholder as placeholderText,
} from "@codemirror/view";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { useNonce } from "@/components/ui/nonce";
import { cn } from "../cn";
import { editorLook } from "./look";

export interface CodeEditorProps {
  readonly language: "sql" | "yaml";
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Names the editor for screen readers. */
  readonly label: string;
  readonly describedBy?: string;
  readonly invalid?: boolean;
  readonly readOnly?: boolean;
  readonly placeholder?: string;
  /** What is wrong, marked in the text; offsets in UTF-16 units. */
  readonly diagnostics?: readonly Pick<Diagnostic, "from" | "to" | "severity" | "message">[];
  readonly complete?: (context: CompletionContext) => CompletionResult | null | Promise<CompletionResult | null>;
  /** On Ctrl or ⌘ with enter. */
  readonly onSubmit?: () => void;
  readonly className?: string;
}

const NONE: NonNullable<CodeEditorProps["diagnostics"]> = [];

/** A text editor for SQL and YAML. Tab leaves it, as in every other field; escape closes its suggestions. */
export function CodeEditor({
  language,
  value,
  onChange,
  label,
  describedBy,
  invalid = false,
  readOnly = false,
  placeholder = "",
  diagnostics = NONE,
  complete,
  onSubmit,
  className,
}: CodeEditorProps) {
  const nonce = useNonce();
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const [attributes] = useState(() => new Compartment());
  const changed = useEffectEvent((text: string) => onChange(text));
  const submitted = useEffectEvent(() => onSubmit?.());
  const completes = useEffectEvent((context: CompletionContext) => complete?.(context) ?? null);
  const starting = useEffectEvent(() => ({ value, placeholder, lines: language === "yaml" }));

  useEffect(() => {
    const parent = host.current;
    if (parent === null) return;
    const start = starting();
    const editor = new EditorView({
      parent,
      state: EditorState.create({
        doc: start.value,
        extensions: [
          EditorView.cspNonce.of(nonce),
          ...(start.lines ? [lineNumbers(), highlightActiveLineGutter(), indentOnInput()] : [EditorView.lineWrapping]),
          history(),
          drawSelection(),
          bracketMatching(),
          language === "sql" ? sql({ dialect: MySQL, upperCaseKeywords: true }) : yaml(),
          autocompletion({ override: [(context) => completes(context)], icons: false }),
          keymap.of([
            {
              key: "Mod-Enter",
              run: () => {
                submitted();
                return true;
              },
            },
            { key: "Tab", run: acceptCompletion },
            ...completionKeymap,
            ...historyKeymap,
            ...defaultKeymap,
          ]),
          placeholderText(start.placeholder),
          EditorState.readOnly.of(readOnly),
          attributes.of([]),
          editorLook,
          EditorView.updateListener.of((update) => {
            if (update.docChanged) changed(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = editor;
    return () => {
      view.current = null;
      editor.destroy();
    };
  }, [language, nonce, readOnly, attributes]);

  useEffect(() => {
    view.current?.dispatch({
      effects: attributes.reconfigure(
        EditorView.contentAttributes.of({
          "aria-label": label,
          ...(describedBy === undefined ? {} : { "aria-describedby": describedBy }),
          ...(invalid ? { "aria-invalid": "true" } : {}),
        }),
      ),
    });
  }, [label, describedBy, invalid, attributes]);

  useEffect(() => {
    const editor = view.current;
    if (editor !== null && editor.state.doc.toString() !== value) {
      editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
    }
  }, [value]);

  useEffect(() => {
    const editor = view.current;
    if (editor === null) return;
    const end = editor.state.doc.length;
    const shown = diagnostics.map((one) => ({
      ...one,
      from: Math.min(one.from, end),
      to: Math.min(Math.max(one.to, one.from), end),
    }));
    editor.dispatch(setDiagnostics(editor.state, shown));
  }, [diagnostics]);

  return (
    <div
      ref={host}
      className={cn(
        "min-w-0 overflow-hidden rounded-md border border-line-strong/60 [&_.cm-editor]:max-h-128 [&_.cm-editor]:min-h-20",
        invalid && "border-danger",
        className,
      )}
    />
  );
}
