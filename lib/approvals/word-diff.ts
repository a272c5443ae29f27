/** One run of words that both texts have, or only one of them. */
export interface DiffPart {
  readonly kind: "same" | "removed" | "added";
  readonly words: readonly string[];
}

/** Words beyond this are not compared one by one: the table grows with the product of both lengths. */
const MAX_WORDS = 1500;

/** What to take out of `before` and put in to get `after`, by the longest common subsequence of words. */
export function wordDiff(before: readonly string[], after: readonly string[]): DiffPart[] {
  if (before.length > MAX_WORDS || after.length > MAX_WORDS) {
    return joinRuns([...before.map(removed), ...after.map(added)]);
  }
  const width = after.length + 1;
  // lengths[i * width + j]: the longest common subsequence of before[i..] and after[j..].
  const lengths = new Uint16Array((before.length + 1) * width);
  const at = (i: number, j: number) => lengths[i * width + j] ?? 0;
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let j = after.length - 1; j >= 0; j -= 1) {
      lengths[i * width + j] = before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const steps: Step[] = [];
  let i = 0;
  let j = 0;
  while (i < before.length || j < after.length) {
    const [old = "", fresh = ""] = [before[i], after[j]];
    if (i < before.length && j < after.length && old === fresh) {
      steps.push({ kind: "same", word: old });
      i += 1;
      j += 1;
    } else if (i < before.length && (j === after.length || at(i + 1, j) >= at(i, j + 1))) {
      steps.push(removed(old));
      i += 1;
    } else {
      steps.push(added(fresh));
      j += 1;
    }
  }
  return joinRuns(steps);
}

interface Step {
  readonly kind: DiffPart["kind"];
  readonly word: string;
}
const removed = (word: string): Step => ({ kind: "removed", word });
const added = (word: string): Step => ({ kind: "added", word });

function joinRuns(steps: readonly Step[]): DiffPart[] {
  const runs: { kind: DiffPart["kind"]; words: string[] }[] = [];
  for (const { kind, word } of steps) {
    const last = runs.at(-1);
    if (last?.kind === kind) last.words.push(word);
    else runs.push({ kind, words: [word] });
  }
  return runs;
}
