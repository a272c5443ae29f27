import type { Unused } from "@/lib/policy/unused/model";

const SHOWN = 8;

function Names({ label, names }: { readonly label: string; readonly names: readonly string[] }) {
  if (names.length === 0) return null;
  return (
    <p className="min-w-0 text-sm">
      <span className="text-faint">{label} </span>
      <span className="break-words font-mono text-xs">{names.slice(0, SHOWN).join(", ")}</span>
      {names.length > SHOWN ? <span className="text-faint text-xs"> and {names.length - SHOWN} more</span> : null}
    </p>
  );
}

/** What a rule grants and was not used. */
export function UnusedNames({ unused }: { readonly unused: Unused }) {
  const { tables, columns, verbs } = unused;
  if (tables.length + columns.length + verbs.length === 0) {
    return <p className="text-muted text-sm">Everything it grants was used.</p>;
  }
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <Names label="Tables:" names={tables} />
      <Names label="Columns:" names={columns} />
      <Names label="Statements:" names={verbs} />
    </div>
  );
}
