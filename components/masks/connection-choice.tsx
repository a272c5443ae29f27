"use client";

import { parseAsString, useQueryStates } from "nuqs";
import { Select } from "@/components/ui/select";

const OPTIONS = { shallow: false, history: "push" } as const;

/** The connection whose masks are shown; another one starts at its whole list. */
export function ConnectionChoice({
  value,
  connections,
}: {
  readonly value: string;
  readonly connections: readonly string[];
}) {
  const [, set] = useQueryStates({ connection: parseAsString, cursor: parseAsString, table: parseAsString }, OPTIONS);
  return (
    <Select
      aria-label="Connection"
      className="w-auto min-w-36 max-w-56"
      options={connections.map((name) => ({ value: name, label: name }))}
      value={value}
      onValueChange={(connection) => void set({ connection, cursor: null, table: null })}
    />
  );
}
