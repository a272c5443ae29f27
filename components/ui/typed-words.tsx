"use client";

import { Field } from "./field";
import { Input } from "./input";

/** Asks for words to be typed before something that hurts is done. */
export function TypedWords({
  words,
  value,
  onChange,
  error,
}: {
  readonly words: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly error?: string | null;
}) {
  return (
    <Field
      error={error}
      label={
        <>
          Type <code className="select-all rounded bg-hover px-1 font-mono text-xs">{words}</code> to confirm
        </>
      }
    >
      <Input value={value} onChange={(event) => onChange(event.target.value)} autoComplete="off" spellCheck={false} />
    </Field>
  );
}
