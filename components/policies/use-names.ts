"use client";

import { useEffect, useState } from "react";
import { send } from "@/components/ui/send";

/** A table or column of the catalogue, e.g. `shop.orders` and "table, 7 columns". */
export interface CatalogueName {
  readonly value: string;
  readonly detail: string;
}

const TYPING_MS = 150;
const NONE: readonly CatalogueName[] = [];

/** Asks for the names that fit a text; also for the file view's completion. Empty when the server does not answer. */
export async function findNames(
  connectionId: string,
  kind: "table" | "column",
  text: string,
): Promise<readonly CatalogueName[]> {
  const query = new URLSearchParams({ kind, q: text });
  const answer = await send<{ names: readonly CatalogueName[] }>(
    "GET",
    `/api/connections/${connectionId}/names?${query}`,
  );
  return answer.ok ? answer.data.names : NONE;
}

/** The catalogue's tables or columns that fit what is typed; null while the field is not in use. */
export function useNames(
  connectionId: string | null,
  kind: "table" | "column" | null,
  text: string | null,
): readonly CatalogueName[] {
  const [names, setNames] = useState(NONE);
  useEffect(() => {
    if (connectionId === null || kind === null || text === null) return;
    let current = true;
    const timer = setTimeout(async () => {
      const found = await findNames(connectionId, kind, text);
      if (current) setNames(found);
    }, TYPING_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [connectionId, kind, text]);
  return names;
}
