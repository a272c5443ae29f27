"use client";

import { Autocomplete } from "@base-ui/react/autocomplete";
import { X } from "lucide-react";
import { type ReactNode, useId, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { controlStyles } from "@/components/ui/input";

export interface TokenOption {
  readonly value: string;
  readonly detail: string;
}

export interface TokenFieldProps {
  readonly label: string;
  readonly description?: ReactNode;
  readonly value: readonly string[];
  readonly onChange: (value: readonly string[]) => void;
  /** What fits the typed text; the field calls `onType` as it changes, null when it is left. */
  readonly options: readonly TokenOption[];
  readonly onType: (text: string | null) => void;
  readonly placeholder?: string;
  /** Only the options may be chosen. */
  readonly closed?: boolean;
  readonly readOnly?: boolean;
  readonly error?: string | null;
  readonly problemOf?: (at: number) => string | null;
  readonly warningOf?: (at: number) => string | null;
  readonly show?: (value: string) => string;
}

/** A list of words as chips, with suggestions while one types. Enter or a comma adds; backspace in the empty field takes the last one out. */
export function TokenField(props: TokenFieldProps) {
  const {
    label,
    description,
    value,
    onChange,
    options,
    onType,
    closed = false,
    readOnly = false,
    error = null,
  } = props;
  const [text, setText] = useState("");
  const highlighted = useRef(false);
  const input = useRef<HTMLInputElement>(null);
  const noteId = useId();
  const notes = value.flatMap((one, at) => {
    const problem = props.problemOf?.(at) ?? null;
    const warning = props.warningOf?.(at) ?? null;
    const message = problem ?? warning;
    return message === null ? [] : [{ one, message, tone: problem === null ? "text-warn" : "text-danger" }];
  });

  function type(next: string) {
    setText(next);
    onType(next);
  }
  function add(raw: string) {
    const next = raw.trim().replace(/,$/, "");
    if (next === "" || (closed && !options.some((one) => one.value === next))) return;
    if (!value.includes(next)) onChange([...value, next]);
    type("");
  }
  function remove(at: number) {
    onChange(value.toSpliced(at, 1));
    input.current?.focus();
  }

  return (
    <fieldset className="flex min-w-0 flex-col gap-1" disabled={readOnly}>
      <legend className="mb-1 font-medium text-fg text-sm">{label}</legend>
      {value.length === 0 ? null : (
        <ul aria-label={`${label}: chosen`} className="flex flex-wrap gap-1 pb-0.5">
          {value.map((one, at) => (
            <li
              key={one}
              className={cn(
                "inline-flex min-w-0 max-w-full items-center rounded border bg-hover pl-1.5 text-xs",
                props.warningOf?.(at) && "border-warn",
                props.problemOf?.(at) && "border-danger",
              )}
            >
              <span className="min-w-0 break-all font-mono">{props.show?.(one) ?? one}</span>
              {readOnly ? (
                <span className="w-1.5" />
              ) : (
                <Button
                  variant="ghost"
                  className="size-6 p-0 [&_svg]:size-3"
                  aria-label={`Remove ${one} from ${label.toLowerCase()}`}
                  onClick={() => remove(at)}
                >
                  <X aria-hidden />
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      {readOnly ? (
        value.length === 0 ? (
          <span className="text-faint text-sm">–</span>
        ) : null
      ) : (
        <Autocomplete.Root
          items={options}
          mode="none"
          value={text}
          openOnInputClick
          itemToStringValue={(one: TokenOption) => one.value}
          onItemHighlighted={(one) => {
            highlighted.current = one !== undefined;
          }}
          onValueChange={(next, details) => {
            if (details.reason === "item-press") add(next);
            else type(next);
          }}
        >
          <Autocomplete.Input
            ref={input}
            aria-label={label}
            aria-invalid={error !== null || notes.some((note) => note.tone === "text-danger") || undefined}
            aria-describedby={noteId}
            placeholder={props.placeholder}
            className={cn(controlStyles, "h-8")}
            autoComplete="off"
            spellCheck={false}
            onFocus={() => onType(text)}
            onBlur={() => {
              if (!closed) add(text);
              onType(null);
            }}
            onKeyDown={(event) => {
              if ((event.key === "Enter" && !highlighted.current) || event.key === ",") {
                event.preventDefault();
                add(text);
              } else if (event.key === "Backspace" && text === "" && value.length > 0) {
                remove(value.length - 1);
              }
            }}
          />
          <Autocomplete.Portal>
            <Autocomplete.Positioner sideOffset={4} className="z-50 outline-none data-empty:hidden">
              <Autocomplete.Popup className="max-h-[min(18rem,var(--available-height))] w-[var(--anchor-width)] min-w-56 max-w-[var(--available-width)] overflow-y-auto rounded-lg border bg-raised py-1 shadow-pop data-empty:hidden">
                <Autocomplete.List aria-label={`Suggestions for ${label.toLowerCase()}`}>
                  {(one: TokenOption) => (
                    <Autocomplete.Item
                      key={one.value}
                      value={one}
                      className="mx-1 flex min-h-7 select-none items-center gap-3 rounded px-2 py-1 text-xs data-highlighted:bg-hover"
                    >
                      <span className="min-w-0 flex-1 truncate font-mono">{one.value}</span>
                      <span className="shrink-0 text-faint">{one.detail}</span>
                    </Autocomplete.Item>
                  )}
                </Autocomplete.List>
              </Autocomplete.Popup>
            </Autocomplete.Positioner>
          </Autocomplete.Portal>
        </Autocomplete.Root>
      )}
      <div id={noteId} className="flex flex-col text-xs empty:hidden">
        {description ? <p className="text-faint">{description}</p> : null}
        {error === null ? null : (
          <p role="alert" className="text-danger">
            {error}
          </p>
        )}
        {notes.map((note) => (
          <p key={note.one} className={note.tone}>
            <span className="font-mono">{note.one}</span>: {note.message}
          </p>
        ))}
      </div>
    </fieldset>
  );
}
