import type { Rule } from "@/lib/policy/rule";

export const FIRST_RULES = ["read", "nothing"] as const;
/** What the identities of a new connection may do before anybody has written rules. */
export type FirstRules = (typeof FIRST_RULES)[number];

/** The rules of the choice. Without a default schema, every schema that the account sees can be read. */
export function firstRules(choice: FirstRules, schema: string | null): Rule[] {
  return choice === "nothing"
    ? []
    : [
        {
          name: "read",
          effect: "allow",
          statements: ["select"],
          tables: [schema === null ? "*.*" : `${quoted(schema)}.*`],
        },
      ];
}

/** A name as a pattern's part: quoted where it has signs that a pattern reads. */
const quoted = (name: string) => (/[.*`]/.test(name) ? `\`${name.replaceAll("`", "")}\`` : name);

/** Asks for the choice; none is made beforehand, because either default would surprise somebody. */
export function FirstRulesInput({
  value,
  schema,
  onChange,
}: {
  readonly value: FirstRules | null;
  readonly schema: string | null;
  readonly onChange: (choice: FirstRules) => void;
}) {
  const labels: Readonly<Record<FirstRules, { label: string; description: string }>> = {
    read: {
      label: schema === null ? "Read every table" : `Read every table of ${schema}`,
      description: "One rule that allows SELECT. Narrow it on the Policies page.",
    },
    nothing: {
      label: "Nothing yet",
      description: "They can log in; every statement is denied until rules are written on the Policies page.",
    },
  };
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 font-medium text-sm">What may they do at first?</legend>
      {FIRST_RULES.map((one) => (
        <label key={one} className="flex min-h-6 items-start gap-2 text-sm">
          <input
            type="radio"
            name="first-rules"
            className="mt-1 size-4 accent-accent"
            checked={value === one}
            onChange={() => onChange(one)}
          />
          <span>
            {labels[one].label}
            <span className="block text-muted text-xs">{labels[one].description}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
