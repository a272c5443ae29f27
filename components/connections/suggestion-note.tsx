"use client";

import { Sparkles } from "lucide-react";
import Link from "next/link";
import { useFresh } from "@/components/live/use-fresh";
import type { ScanProgress } from "@/lib/findings/scan-progress";

/** Beside a new connection: which of its columns a gateway finds sensitive, as soon as it has looked. */
export function SuggestionNote({
  connection,
}: {
  readonly connection: { readonly id: string; readonly name: string };
}) {
  const progress = useFresh<Pick<ScanProgress, "open"> & { readonly scannedAt: string | null }>(
    `/api/connections/${connection.id}/suggestions`,
    ["connections"],
  );
  const found = progress?.open ?? 0;
  return (
    <p role="status" className="flex items-start gap-2 rounded-md bg-info-soft px-3 py-2 text-info text-sm">
      <Sparkles aria-hidden className="mt-0.5 size-4 shrink-0" />
      <span>
        {found > 0 ? (
          <>
            <Link
              href={`/masks?show=unreviewed&connection=${encodeURIComponent(connection.name)}`}
              className="font-medium underline underline-offset-4"
            >
              {found === 1 ? "1 suggestion" : `${found} suggestions`}
            </Link>{" "}
            of columns to mask before an agent reads them.
          </>
        ) : progress !== null && progress.scannedAt !== null ? (
          "No column looks sensitive. What should be hidden all the same can be masked on the Masks page."
        ) : (
          "A gateway is reading the schema and looks for columns to mask; suggestions stand here within seconds."
        )}
      </span>
    </p>
  );
}
