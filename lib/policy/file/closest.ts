/** Edit distance of two short texts; swapping two neighbours counts as one (optimal string alignment). */
function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, at) => at)];
  const at = (i: number, j: number) => rows[i]?.[j] ?? Number.POSITIVE_INFINITY;
  for (let i = 1; i <= a.length; i++) {
    rows.push([i]);
    for (let j = 1; j <= b.length; j++) {
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(i - 2, j - 2) + 1 : Number.POSITIVE_INFINITY;
      const substituted = at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      rows[i]?.push(Math.min(substituted, at(i - 1, j) + 1, at(i, j - 1) + 1, swapped));
    }
  }
  return at(a.length, b.length);
}

/** The known word that someone most likely meant, or null when none is near. */
export function closest(word: string, known: readonly string[]): string | null {
  const plain = word.slice(0, 64).toLowerCase();
  const ranked = known
    .map((one) => ({ one, away: distance(plain, one.toLowerCase()) }))
    .sort((x, y) => x.away - y.away);
  const best = ranked[0];
  return best !== undefined && best.away <= Math.max(1, Math.floor(plain.length / 3)) ? best.one : null;
}
