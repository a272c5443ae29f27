"use client";

import { useId } from "react";
import { NumberInput } from "@/components/policies/domain-fields";
import { TokenField } from "@/components/policies/token-field";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { DERIVED_LABELS, PREDICATE_LABELS } from "@/lib/masking/labels";
import { DERIVED_SETTINGS, METHOD_OPTIONS, PREDICATE_SETTINGS } from "@/lib/masking/mask";
import { type MaskContent, withMethod } from "./mask-draft";
import { MethodCards } from "./method-cards";

const PREDICATES = PREDICATE_SETTINGS.map((value) => ({
  value,
  label: PREDICATE_LABELS[value].label,
  hint: PREDICATE_LABELS[value].explanation,
}));
const DERIVED = DERIVED_SETTINGS.map((value) => ({
  value,
  label: DERIVED_LABELS[value].label,
  hint: DERIVED_LABELS[value].explanation,
}));

export interface ContentFieldsProps {
  readonly content: MaskContent;
  readonly onChange: (content: MaskContent) => void;
  readonly problemAt: (path: string) => string | null;
  readonly readOnly: boolean;
  readonly joinClasses: readonly string[];
  /** Groups of the identity provider that were seen. */
  readonly groups: readonly string[];
}

/** Everything a mask says, apart from its columns. */
export function ContentFields(props: ContentFieldsProps) {
  const { content, onChange, problemAt, readOnly, joinClasses, groups } = props;
  const classesId = useId();
  return (
    <>
      <MethodCards
        value={content.method}
        disabled={readOnly}
        onChange={(method) => onChange(withMethod(content, method))}
      />
      <OptionFields {...props} />
      <div className="grid gap-3 sm:grid-cols-2">
        <Field
          label="Use in conditions"
          error={problemAt("predicates")}
          description={PREDICATE_LABELS[content.predicates].explanation}
        >
          <Select
            options={PREDICATES}
            value={content.predicates}
            disabled={readOnly}
            onValueChange={(predicates) => onChange({ ...content, predicates })}
          />
        </Field>
        <Field
          label="Computed columns"
          error={problemAt("derived")}
          description={DERIVED_LABELS[content.derived].explanation}
        >
          <Select
            options={DERIVED}
            value={content.derived}
            disabled={readOnly}
            onValueChange={(derived) => onChange({ ...content, derived })}
          />
        </Field>
      </div>
      <Field
        label="Join class"
        optional
        error={problemAt("join_class")}
        description="Columns of one class may be joined with each other by equality."
      >
        <Input
          value={content.join_class ?? ""}
          disabled={readOnly}
          list={classesId}
          maxLength={64}
          autoComplete="off"
          spellCheck={false}
          placeholder="person-email"
          onChange={(event) => {
            const { join_class: _, ...others } = content;
            onChange(event.target.value === "" ? others : { ...others, join_class: event.target.value });
          }}
        />
      </Field>
      <datalist id={classesId}>
        {joinClasses.map((one) => (
          <option key={one} value={one} />
        ))}
      </datalist>
      <TokenField
        label="Exempt groups"
        description="Groups of the identity provider that see the value. Each sight of it is recorded."
        placeholder="fraud-team …"
        value={content.exempt}
        options={groups.map((value) => ({ value, detail: "group seen" }))}
        onType={() => undefined}
        readOnly={readOnly}
        onChange={(exempt) => onChange({ ...content, exempt: [...exempt] })}
        error={problemAt("exempt")}
      />
    </>
  );
}

function OptionFields({ content, onChange, problemAt, readOnly }: ContentFieldsProps) {
  const { method, options } = content;
  const takes = METHOD_OPTIONS[method];
  const set = (changes: { [K in keyof MaskContent["options"]]?: MaskContent["options"][K] | undefined }) => {
    const kept = Object.entries({ ...options, ...changes }).filter(([, value]) => value !== undefined);
    onChange({ ...content, options: Object.fromEntries(kept) });
  };
  return (
    <fieldset disabled={readOnly} className="flex min-w-0 flex-col gap-3">
      {takes.includes("keep_last") ? (
        <div className="grid grid-cols-2 gap-3">
          <Field label="First characters" optional error={problemAt("options.keep_first")}>
            <NumberInput value={options.keep_first} placeholder="0" onChange={(keep_first) => set({ keep_first })} />
          </Field>
          <Field label="Last characters" optional error={problemAt("options.keep_last")}>
            <NumberInput value={options.keep_last} placeholder="4" onChange={(keep_last) => set({ keep_last })} />
          </Field>
        </div>
      ) : null}
      {takes.includes("size") ? (
        <Field label="Size of a bucket" error={problemAt("options.size")}>
          <NumberInput value={options.size} placeholder="10000" onChange={(size) => set({ size })} />
        </Field>
      ) : null}
      <TokenField
        label="Paths in JSON documents"
        description="Only these values of a document are hidden, the rest is shown. Empty: the whole value."
        placeholder="$.card.number …"
        value={options.paths ?? []}
        options={[]}
        onType={() => undefined}
        readOnly={readOnly}
        onChange={(paths) => set({ paths: paths.length === 0 ? undefined : [...paths] })}
        error={problemAt("options.paths")}
      />
    </fieldset>
  );
}
