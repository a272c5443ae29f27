"use client";

import { useRouter, useSearchParams } from "next/navigation";
import { NewRowsButton } from "@/components/live/new-rows-button";
import { useFresh } from "@/components/live/use-fresh";
import { StatementTable, type StatementTableProps } from "./statement-table";

const NOUN = { one: "statement", many: "statements" };

export interface LiveStatementTableProps extends StatementTableProps {
  /** New statements are counted from this id on; null on pages where they would not stand on top. */
  readonly newerThan: string | null;
  /** The announcement stops counting here. */
  readonly countLimit: number;
}

/** The list of statements under its filters; new ones are announced, not pushed in. */
export function LiveStatementTable({ newerThan, countLimit, ...table }: LiveStatementTableProps) {
  const router = useRouter();
  const params = new URLSearchParams(useSearchParams());
  params.delete("cursor");
  params.delete("columns");
  params.set("after", newerThan ?? "");
  const answer = useFresh<{ newer: number }>(
    newerThan === null ? null : `/api/statements/new?${params}`,
    ["statements"],
    ({ newer }) => {
      // Nothing stands under the pointer in an empty list: the first rows come by themselves.
      if (newer > 0 && table.rows.length === 0) router.refresh();
    },
  );
  return (
    <StatementTable
      {...table}
      toolbar={
        <span className="flex flex-1 items-center gap-2 pl-1">
          <NewRowsButton count={answer?.newer ?? 0} atMost={countLimit} noun={NOUN} />
        </span>
      }
    />
  );
}
