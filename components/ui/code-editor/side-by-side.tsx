"use client";

import { yaml } from "@codemirror/lang-yaml";
import { MergeView } from "@codemirror/merge";
import { EditorState } from "@codemirror/state";
import { EditorView, lineNumbers } from "@codemirror/view";
import { useEffect, useRef } from "react";
import { useNonce } from "@/components/ui/nonce";
import { editorLook } from "./look";

/** Two YAML texts beside each other, what differs marked and what is the same folded away. */
export function SideBySide({
  before,
  after,
  labels,
}: {
  readonly before: string;
  readonly after: string;
  readonly labels: { readonly before: string; readonly after: string };
}) {
  const nonce = useNonce();
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const parent = host.current;
    if (parent === null) return;
    const side = (label: string) => [
      EditorView.cspNonce.of(nonce),
      lineNumbers(),
      yaml(),
      EditorState.readOnly.of(true),
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ "aria-label": label }),
      editorLook,
    ];
    const merge = new MergeView({
      parent,
      a: { doc: before, extensions: side(labels.before) },
      b: { doc: after, extensions: side(labels.after) },
      collapseUnchanged: { margin: 3, minSize: 6 },
      gutter: true,
    });
    return () => merge.destroy();
  }, [before, after, labels.before, labels.after, nonce]);
  return (
    <div className="min-w-0">
      <div aria-hidden className="grid grid-cols-2 gap-2 pb-1 text-faint text-xs">
        <span>{labels.before}</span>
        <span>{labels.after}</span>
      </div>
      <div ref={host} className="max-h-128 overflow-auto rounded-md border" />
    </div>
  );
}
