import { IMPACT_CHANGES, type ImpactChange, type ImpactChangeKind } from "@/lib/policy/impact/model";

/** Changes of one kind, by who would notice. */
export interface KindGroup {
  readonly kind: ImpactChangeKind;
  /** Statements of the changes that are listed. */
  readonly count: number;
  readonly identities: readonly {
    readonly id: string;
    readonly name: string;
    readonly count: number;
    readonly changes: readonly ImpactChange[];
  }[];
}

export interface ChangeFilter {
  readonly kind: ImpactChangeKind | null;
  readonly identityId: string | null;
}

/** The changes that the filter lets through, grouped by kind, then identity; the most frequent first within both. */
export function groupChanges(changes: readonly ImpactChange[], { kind, identityId }: ChangeFilter): KindGroup[] {
  const shown = changes.filter(
    (one) => (kind === null || one.kind === kind) && (identityId === null || one.identity.id === identityId),
  );
  return IMPACT_CHANGES.flatMap((each) => {
    const own = shown.filter((one) => one.kind === each);
    if (own.length === 0) return [];
    const ids = [...new Set(own.map((one) => one.identity.id))];
    const identities = ids.map((id) => {
      const theirs = own.filter((one) => one.identity.id === id).toSorted((a, b) => b.count - a.count);
      return { id, name: theirs[0]?.identity.name ?? id, count: sum(theirs), changes: theirs };
    });
    return [{ kind: each, count: sum(own), identities: identities.toSorted((a, b) => b.count - a.count) }];
  });
}

/** Whoever has a change, by name. */
export function identitiesOf(changes: readonly ImpactChange[]): { readonly id: string; readonly name: string }[] {
  const known = new Map(changes.map(({ identity }) => [identity.id, identity]));
  return [...known.values()].toSorted((a, b) => a.name.localeCompare(b.name));
}

/** Equal for the same change of the same statements. */
export function changeKey({ kind, identity, templateHash, defaultSchema, sample }: ImpactChange): string {
  return [kind, identity.id, templateHash ?? sample.statementId, defaultSchema ?? ""].join(" ");
}

/** Masked columns that differ between before and after. */
export function hiddenDifferences({ before, after }: Pick<ImpactChange, "before" | "after">): {
  readonly name: string;
  readonly before: string | null;
  readonly after: string | null;
}[] {
  if (!answers(before.kind) || !answers(after.kind)) return [];
  const positions = [...new Set([...before.hidden, ...after.hidden].map((one) => one.position))].toSorted(
    (a, b) => a - b,
  );
  return positions.flatMap((position) => {
    const was = before.hidden.find((one) => one.position === position);
    const is = after.hidden.find((one) => one.position === position);
    if (was?.method === is?.method) return [];
    const name = was?.name ?? is?.name ?? `column ${position + 1}`;
    return [{ name, before: was?.method ?? null, after: is?.method ?? null }];
  });
}

/** Only what is answered at all has columns that could be hidden. */
const answers = (kind: ImpactChange["before"]["kind"]) => kind === "passes" || kind === "held";
const sum = (changes: readonly ImpactChange[]) => changes.reduce((total, one) => total + one.count, 0);
