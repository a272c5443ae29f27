"use client";

import { Search, X } from "lucide-react";
import { parseAsString, useQueryState, useQueryStates } from "nuqs";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { Button } from "./button";
import { Input } from "./input";
import { Select, type SelectOption } from "./select";
import { useShortcut } from "./shortcuts";

const TYPING_MS = 300;
const OPTIONS = { shallow: false, history: "replace" } as const;
const ANY = "__any__";

/** The filters of a list, all in the address. `params` are the address parameters that "Clear" removes. */
export function FilterBar({ children, params }: { readonly children: ReactNode; readonly params: readonly string[] }) {
  const [values, setValues] = useQueryStates(
    Object.fromEntries([...params, "cursor"].map((name) => [name, parseAsString])),
    OPTIONS,
  );
  const active = params.some((name) => values[name] !== null && values[name] !== undefined);
  return (
    <search aria-label="Filters" className="flex flex-wrap items-center gap-2">
      {children}
      {active ? (
        <Button variant="ghost" size="sm" onClick={() => void setValues(null)}>
          <X aria-hidden />
          Clear filters
        </Button>
      ) : null}
    </search>
  );
}

/** Sets one parameter and goes back to the list's first page. */
function useFilter(param: string): [string | null, (value: string | null) => void] {
  const [value, setValue] = useQueryState(param, { ...OPTIONS });
  const [, setCursor] = useQueryState("cursor", { ...OPTIONS });
  return [
    value,
    (next) => {
      void setCursor(null);
      void setValue(next);
    },
  ];
}

/** Text in an address parameter, set a moment after one stops typing. */
function useTypedFilter(param: string) {
  const [value, setValue] = useFilter(param);
  const [text, setText] = useState(value ?? "");
  const sent = useRef(value ?? "");

  // The address changed by other means than this field: "Clear filters", back, a link.
  useEffect(() => {
    if ((value ?? "") !== sent.current) {
      sent.current = value ?? "";
      setText(value ?? "");
    }
  }, [value]);

  useEffect(() => {
    if (text === sent.current) return;
    const timer = setTimeout(() => {
      sent.current = text;
      setValue(text === "" ? null : text);
    }, TYPING_MS);
    return () => clearTimeout(timer);
  });
  return [text, setText] as const;
}

/** Free text in the parameter `q` (or another); the key `/` goes there. */
export function SearchFilter({
  param = "q",
  label,
  placeholder,
}: {
  readonly param?: string;
  readonly label: string;
  readonly placeholder?: string;
}) {
  const [text, setText] = useTypedFilter(param);
  const input = useRef<HTMLInputElement>(null);
  useShortcut("search.focus", (event) => {
    event.preventDefault();
    input.current?.focus();
    input.current?.select();
  });

  return (
    <span className="relative w-full sm:w-72">
      <Search aria-hidden className="pointer-events-none absolute top-2 left-2.5 size-4 text-faint" />
      <Input
        ref={input}
        type="search"
        aria-label={label}
        placeholder={placeholder ?? label}
        value={text}
        maxLength={500}
        className="pl-8"
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") event.currentTarget.blur();
        }}
      />
    </span>
  );
}

/** A short text in an address parameter of its own. */
export function TextFilter({
  param,
  label,
  placeholder,
}: {
  readonly param: string;
  readonly label: string;
  readonly placeholder: string;
}) {
  const [text, setText] = useTypedFilter(param);
  return (
    <span className="w-full sm:w-52">
      <Input
        type="search"
        aria-label={label}
        placeholder={placeholder}
        value={text}
        maxLength={64}
        onChange={(event) => setText(event.target.value)}
      />
    </span>
  );
}

/** Shows that the list is narrowed by something that only links choose, and takes it away. */
export function ChipFilter({ param, label }: { readonly param: string; readonly label: string }) {
  const [value, setValue] = useFilter(param);
  if (value === null) return null;
  return (
    <Button aria-label={`${label}: ${value}. Show all`} onClick={() => setValue(null)}>
      <span className="max-w-48 truncate">
        {label}: {value}
      </span>
      <X aria-hidden />
    </Button>
  );
}

/** One choice in an address parameter; its first option is "any". */
export function SelectFilter({
  param,
  label,
  options,
}: {
  readonly param: string;
  readonly label: string;
  readonly options: readonly SelectOption<string>[];
}) {
  const [value, setValue] = useFilter(param);
  const known = value === null || options.some((option) => option.value === value);
  return (
    <Select
      aria-label={label}
      className="w-auto min-w-32 max-w-56"
      options={[
        { value: ANY, label: `${label}: any` },
        ...options,
        ...(known ? [] : [{ value: value ?? ANY, label: value ?? ANY }]),
      ]}
      value={value ?? ANY}
      onValueChange={(next) => setValue(next === ANY ? null : next)}
    />
  );
}
