import { Exemptions } from "@/components/masks/masking-facts";
import { MethodBadge } from "@/components/masks/method-badge";
import { WhyMasked } from "@/components/masks/why-masked";
import { formatCount } from "@/components/ui/format-quantity";
import type { RecordedMasking } from "@/lib/masking/recorded";

/** What a statement's answer hid from the client, and what exemptions let it see. */
export function MaskingCard({
  masking,
  rows,
  connection,
}: {
  readonly masking: RecordedMasking;
  /** Rows that came back with something hidden. */
  readonly rows: number;
  readonly connection: string;
}) {
  const { outputs, exempt } = masking;
  return (
    <section aria-label="Masks" className="flex min-w-0 flex-col gap-1.5 rounded-md border p-3 text-sm">
      <p>
        {outputs.length === 0
          ? "No result column was hidden."
          : `${outputs.length} result ${outputs.length === 1 ? "column was" : "columns were"} hidden, in ${formatCount(rows)} ${rows === 1 ? "row" : "rows"}.`}
      </p>
      {outputs.length === 0 ? null : (
        <ul aria-label="Hidden result columns" className="flex flex-col">
          {outputs.map((one) => {
            const name = one.name ?? `column ${one.position + 1}`;
            return (
              <li key={one.position} className="flex min-h-7 min-w-0 flex-wrap items-center gap-x-2 text-xs">
                <code className="break-all font-mono">{name}</code>
                <MethodBadge method={one.method} />
                <span className="min-w-0 break-all font-mono text-muted">{one.columns.join(", ")}</span>
                <WhyMasked connection={connection} what={name} method={one.method} columns={one.columns} />
              </li>
            );
          })}
        </ul>
      )}
      <Exemptions exempt={exempt} />
    </section>
  );
}
