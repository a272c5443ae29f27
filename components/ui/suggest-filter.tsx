"use client";

import { X } from "lucide-react";
import { parseAsString, useQueryStates } from "nuqs";
import { useEffect, useId, useState } from "react";
import { Button } from "./button";
import { Input } from "./input";
import { send } from "./send";

const TYPING_MS = 200;
const OPTIONS = { shallow: false, history: "replace" } as const;

interface Choice {
  readonly value: string;
  readonly detail: string;
}

/** A name in an address parameter, typed with suggestions from the server: enter or leaving the field filters by it. */
export function SuggestFilter({
  param,
  label,
  url,
  placeholder,
  show = (value) => value,
}: {
  readonly param: string;
  readonly label: string;
  /** Answers `[{ value, detail }]` to the text in the added parameter `q`. */
  readonly url: string;
  readonly placeholder: string;
  /** How a chosen value reads, where it is an id. */
  readonly show?: (value: string) => string;
}) {
  const listId = useId();
  const [state, set] = useQueryStates({ [param]: parseAsString, cursor: parseAsString }, OPTIONS);
  const chosen = state[param] ?? null;
  const [text, setText] = useState<string | null>(null);
  const [choices, setChoices] = useState<readonly Choice[]>([]);
  useEffect(() => {
    if (text === null) return;
    const stop = new AbortController();
    const timer = setTimeout(async () => {
      const sent = await send<readonly Choice[]>("GET", `${url}&q=${encodeURIComponent(text)}`, undefined, stop.signal);
      if (sent.ok && !stop.signal.aborted) setChoices(sent.data);
    }, TYPING_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [text, url]);

  if (chosen !== null && chosen !== undefined) {
    return (
      <Button
        aria-label={`${label}: ${show(chosen)}. Show all`}
        onClick={() => {
          setText(null);
          void set({ [param]: null, cursor: null });
        }}
      >
        <span className="max-w-56 truncate">
          {label}: {show(chosen)}
        </span>
        <X aria-hidden />
      </Button>
    );
  }
  const choose = (value: string) => {
    if (value.trim() !== "") void set({ [param]: value.trim(), cursor: null });
  };
  return (
    <span className="w-full sm:w-52">
      <Input
        aria-label={label}
        placeholder={placeholder}
        list={listId}
        value={text ?? ""}
        maxLength={200}
        autoComplete="off"
        spellCheck={false}
        onFocus={() => setText((before) => before ?? "")}
        onChange={(event) => {
          setText(event.target.value);
          if (choices.some((one) => one.value === event.target.value)) choose(event.target.value);
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter") choose(event.currentTarget.value);
          if (event.key === "Escape") event.currentTarget.blur();
        }}
      />
      <datalist id={listId}>
        {choices.map((one) => (
          <option key={one.value} value={one.value} label={one.detail} />
        ))}
      </datalist>
    </span>
  );
}
