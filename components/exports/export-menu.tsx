"use client";

import { Download } from "lucide-react";
import { useSearchParams } from "next/navigation";
import { Button } from "@/components/ui/button";
import { formatCount } from "@/components/ui/format-quantity";
import { Menu, MenuGroup, MenuItem } from "@/components/ui/menu";
import { useExport } from "./use-export";

/** Addresses' parameters that say how a list is shown, not what is in it. */
const NOT_FILTERS = ["cursor", "columns", "event", "sort"];

/** Saves what the list's filters find as a file; says how far it is, and can be cancelled. */
export function ExportMenu({
  route,
  name,
  maxRows,
}: {
  readonly route: string;
  /** Of the file, without its ending. */
  readonly name: string;
  readonly maxRows: number;
}) {
  const { running, start, cancel } = useExport(route, name, maxRows);
  const params = new URLSearchParams(useSearchParams());
  for (const one of NOT_FILTERS) params.delete(one);
  const query = params.toString();
  if (running !== null) {
    return (
      <span role="status" className="flex items-center gap-2 text-sm">
        <span className="tabular-nums">
          {formatCount(running.rows)} rows as {running.format.toUpperCase()}
        </span>
        <Button onClick={cancel}>Cancel export</Button>
      </span>
    );
  }
  return (
    <Menu
      trigger={
        <Button>
          <Download aria-hidden />
          Export
        </Button>
      }
    >
      <MenuGroup label={`What these filters find, at most ${formatCount(maxRows)} rows`}>
        <MenuItem onSelect={() => void start("csv", query)}>CSV, for spreadsheets</MenuItem>
        <MenuItem onSelect={() => void start("ndjson", query)}>NDJSON, one object a line</MenuItem>
      </MenuGroup>
    </Menu>
  );
}
