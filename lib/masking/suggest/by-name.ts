import { FINDING_KIND_LABELS, type Finding, findingOf, type SuspectColumn } from "./finding";
import { NAME_RULES, type NameRule, NEVER_BEFORE, PEOPLE, TAIL_WORDS } from "./name-rules";
import { canHold } from "./type-family";
import { wordsOf } from "./words";

interface Phrase {
  readonly words: readonly string[];
  readonly rule: NameRule;
}

/** By their first word: catalogues have many columns, and most names begin no phrase. */
const PHRASES = new Map<string, Phrase[]>();
for (const rule of NAME_RULES) {
  for (const words of rule.phrases.map((phrase) => phrase.split(" "))) {
    const first = words[0] ?? "";
    PHRASES.set(first, [...(PHRASES.get(first) ?? []), { words, rule }]);
  }
}

/** What a person's name column in a table of people is worth. */
const NAME_OF_PERSON = 40;
/** Words run together in lower case, as in `useremail`. */
const RUN_TOGETHER = /^(?!voicemail$)\p{L}+(?=(email|password|passwd)$)/u;

/** What the column's name says it holds; null when it says nothing, or when its type can not hold it. */
export function byName(column: SuspectColumn): Finding | null {
  const words = wordsOf(column.name).flatMap((word) => {
    const head = RUN_TOGETHER.exec(word)?.[0];
    return head === undefined ? [word] : [head, word.slice(head.length)];
  });
  const hits = words
    .flatMap((word, at) => (PHRASES.get(word) ?? []).filter((phrase) => saysAt(words, at, phrase)))
    .map(({ rule }) => rule)
    .filter((rule) => canHold(rule.kind, column.dataType));
  const best = hits.toSorted((a, b) => b.confidence - a.confidence)[0];
  if (best !== undefined) {
    return findingOf(best.kind, best.confidence, `Its name says that it holds ${FINDING_KIND_LABELS[best.kind].one}`);
  }
  return nameOfPerson(column, words);
}

/** Whether the phrase stands at this place, and the rest of the name does not turn it into something else. */
function saysAt(words: readonly string[], at: number, { words: phrase, rule }: Phrase): boolean {
  if (!phrase.every((word, offset) => words[at + offset] === word)) return false;
  const before = words.slice(0, at);
  const after = words.slice(at + phrase.length);
  return (
    !before.some((word) => NEVER_BEFORE.has(word) || rule.notAfter?.includes(word)) &&
    after.every((word) => TAIL_WORDS.has(word) || /^\d{1,3}$/.test(word) || rule.tails?.includes(word))
  );
}

function nameOfPerson(column: SuspectColumn, words: readonly string[]): Finding | null {
  const whose = [...words.slice(0, -1), wordsOf(column.table).at(-1) ?? ""];
  const personal = words.at(-1) === "name" && words.length <= 2 && PEOPLE.has(whose[0] ?? "");
  if (!personal || !canHold("person_name", column.dataType)) return null;
  return findingOf("person_name", NAME_OF_PERSON, "It is the name in a table about people");
}
