import type { LearnedForm, PinnedColumn } from "./learned-form";
import type { Candidate } from "./observations";

/**
 * Columns that every execution pins, `schema.table.column`. Text columns are pinned by text only: where a number, or nobody knows what, was
 * bound, it is no pin, as the number equals many of their values. Neither where NULL was bound: no domain takes texts and NULL alone.
 */
export function heldPins(candidate: Candidate): readonly string[] {
  return inAllForms(candidate, () => true);
}

/** A key of some table, or a unique one of the written table, is pinned whole, each of its columns to one value: it is about one row. */
export function pinsOneRow(candidate: Candidate): boolean {
  const pinned = new Set(inAllForms(candidate, ({ single }) => single));
  return candidate.form.keys.some((key) => key.every((name) => pinned.has(name)));
}

function inAllForms({ forms, slots }: Candidate, wanted: (pin: PinnedColumn) => boolean): readonly string[] {
  const held = (pin: PinnedColumn) =>
    pin.textSlots.every((at) => {
      const slot = slots[at];
      return slot?.unknown === 0 && slot.bytes === 0 && slot.nulls === 0 && slot.fits("string");
    });
  const namesOf = ({ pins }: LearnedForm) => pins.filter((pin) => wanted(pin) && held(pin)).map(({ name }) => name);
  const [first, ...others] = forms.map(namesOf);
  return (first ?? []).filter((name) => others.every((pins) => pins.includes(name)));
}
