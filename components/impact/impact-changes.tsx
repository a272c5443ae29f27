"use client";

import { useState } from "react";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { formatCount } from "@/components/ui/format-quantity";
import { Select } from "@/components/ui/select";
import { CHANGE_LABELS } from "@/lib/policy/impact/labels";
import { IMPACT_CHANGES, type ImpactChangeKind, type ImpactResult, WIDENING } from "@/lib/policy/impact/model";
import { ImpactChangeItem } from "./impact-change";
import { CHANGE_ICONS } from "./impact-figures";
import { changeKey, groupChanges, identitiesOf } from "./impact-groups";

const ANY = "any";
/** A list of thousands helps nobody; the rest is asked for. */
const SHOWN = 50;

/** Every change, by kind and identity, with filters for both. */
export function ImpactChanges({ result, connection }: { readonly result: ImpactResult; readonly connection: string }) {
  const { changes, moreChanges } = result;
  const [kind, setKind] = useState<ImpactChangeKind | typeof ANY>(ANY);
  const [identity, setIdentity] = useState(ANY);
  const kinds = IMPACT_CHANGES.filter((one) => changes.some((change) => change.kind === one));
  const identities = identitiesOf(changes);
  const groups = groupChanges(changes, {
    kind: kind === ANY ? null : kind,
    identityId: identity === ANY ? null : identity,
  });
  return (
    <div className="flex min-w-0 flex-col gap-3">
      {changes.length < 2 ? null : (
        <search aria-label="Filter changes" className="grid grid-cols-2 gap-2">
          <Select
            aria-label="Kind of change"
            options={[
              { value: ANY, label: "Every kind" },
              ...kinds.map((value) => ({ value, label: CHANGE_LABELS[value].label })),
            ]}
            value={kind}
            onValueChange={setKind}
          />
          <Select
            aria-label="Identity"
            options={[
              { value: ANY, label: "Everybody" },
              ...identities.map((one) => ({ value: one.id, label: one.name })),
            ]}
            value={identity}
            onValueChange={setIdentity}
          />
        </search>
      )}
      {groups.length === 0 ? (
        <EmptyState
          kind="no-result"
          title="No change fits these filters"
          action={
            <Button
              onClick={() => {
                setKind(ANY);
                setIdentity(ANY);
              }}
            >
              Clear filters
            </Button>
          }
        />
      ) : null}
      {groups.map((group) => {
        const Icon = CHANGE_ICONS[group.kind];
        return (
          <section
            key={group.kind}
            aria-label={CHANGE_LABELS[group.kind].label}
            className="flex min-w-0 flex-col gap-2"
          >
            <h3 className="flex flex-wrap items-center gap-2 font-medium text-sm">
              <Badge tone={WIDENING.has(group.kind) ? "warn" : "neutral"}>
                <Icon aria-hidden />
                {CHANGE_LABELS[group.kind].label}
              </Badge>
              <span className="font-normal text-muted text-xs">{CHANGE_LABELS[group.kind].explanation}</span>
            </h3>
            {group.identities.map((one) => (
              <IdentityChanges key={one.id} connection={connection} {...one} />
            ))}
          </section>
        );
      })}
      {moreChanges === 0 ? null : (
        <p className="text-muted text-xs">
          {formatCount(moreChanges)} rarer {moreChanges === 1 ? "change is" : "changes are"} in the figures, and not
          listed.
        </p>
      )}
    </div>
  );
}

function IdentityChanges({
  name,
  count,
  changes,
  connection,
}: ReturnType<typeof groupChanges>[number]["identities"][number] & { readonly connection: string }) {
  const [all, setAll] = useState(false);
  const shown = all ? changes : changes.slice(0, SHOWN);
  return (
    <div className="min-w-0 rounded-md border bg-surface">
      <p className="flex min-w-0 items-center gap-2 border-b px-2 py-1 text-xs">
        <span className="min-w-0 flex-1 truncate font-medium">{name}</span>
        <span className="shrink-0 text-muted tabular-nums">
          {formatCount(count)} {count === 1 ? "statement" : "statements"}
        </span>
      </p>
      <ul aria-label={`Changes for ${name}`}>
        {shown.map((change) => (
          <ImpactChangeItem key={changeKey(change)} change={change} connection={connection} />
        ))}
      </ul>
      {shown.length === changes.length ? null : (
        <Button variant="ghost" size="sm" className="w-full" onClick={() => setAll(true)}>
          Show {formatCount(changes.length - shown.length)} more
        </Button>
      )}
    </div>
  );
}
