"use client";

import { CodeEditor } from "@/components/ui/code-editor/code-editor";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { EFFECT_LABELS } from "@/lib/policy/draft/describe-rule";
import { EFFECTS, type Rule } from "@/lib/policy/rule";
import { DomainFields, NumberInput } from "./domain-fields";
import { usePolicyEditing } from "./editor-context";
import { NamesField } from "./names-field";
import { StatementsField } from "./statements-field";

const EFFECT_OPTIONS = EFFECTS.map((value) => ({
  value,
  label: EFFECT_LABELS[value].label,
  hint: EFFECT_LABELS[value].explanation,
}));
const KINDS = [
  { value: "scope", label: "By scope", hint: "Statements, tables, columns, conditions" },
  { value: "template", label: "By template", hint: "Exactly one statement, with ? for values" },
] as const;

interface RuleFieldsProps {
  readonly at: number;
  readonly rule: Rule;
  readonly onChange: (rule: Rule) => void;
}

/** The rule with other values for some keys; undefined takes a key out. */
function withKeys(rule: Rule, changes: { [K in keyof Rule]?: Rule[K] | undefined }): Rule {
  const kept = Object.entries({ ...rule, ...changes }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(kept) as Rule;
}

/** Everything a rule says, as fields. */
export function RuleFields({ at, rule, onChange }: RuleFieldsProps) {
  const { problemAt, readOnly } = usePolicyEditing();
  const path = ["rules", at] as const;
  const kind = rule.template === undefined ? "scope" : "template";
  return (
    <div className="flex flex-col gap-4">
      <div className="grid gap-3 sm:grid-cols-[1fr_9rem_11rem]">
        <Field label="Rule name" error={problemAt([...path, "name"])}>
          <Input
            value={rule.name}
            disabled={readOnly}
            maxLength={64}
            autoComplete="off"
            onChange={(event) => onChange(withKeys(rule, { name: event.target.value }))}
          />
        </Field>
        <Field label="Effect" error={problemAt([...path, "effect"])}>
          <Select
            options={EFFECT_OPTIONS}
            value={rule.effect}
            disabled={readOnly}
            onValueChange={(effect) => onChange(withKeys(rule, { effect }))}
          />
        </Field>
        <Field label="Matches">
          <Select
            options={KINDS}
            value={kind}
            disabled={readOnly}
            onValueChange={(next) => {
              if (next === kind) return;
              const { name, effect } = rule;
              onChange(next === "template" ? { name, effect, template: "" } : { name, effect, statements: ["select"] });
            }}
          />
        </Field>
      </div>
      {kind === "scope" ? (
        <ScopeFields at={at} rule={rule} onChange={onChange} />
      ) : (
        <TemplateFields at={at} rule={rule} onChange={onChange} />
      )}
    </div>
  );
}

function ScopeFields({ at, rule, onChange }: RuleFieldsProps) {
  const { problemAt, readOnly } = usePolicyEditing();
  const path = (key: string) => ["rules", at, key];
  const deny = rule.effect === "deny";
  const set = (changes: Parameters<typeof withKeys>[1]) => onChange(withKeys(rule, changes));
  return (
    <div className="grid items-start gap-4 sm:grid-cols-2">
      <StatementsField
        value={rule.statements}
        readOnly={readOnly}
        deny={deny}
        error={problemAt(path("statements"))}
        onChange={(statements) => set({ statements })}
      />
      <NamesField
        label="Tables"
        kind="table"
        path={path("tables")}
        placeholder="shop.orders, shop.* …"
        description={
          deny
            ? "Empty: whatever the table. Touching one is enough."
            : "Empty: any table. All tables of the statement must be among these."
        }
        value={rule.tables}
        onChange={(tables) => set({ tables })}
      />
      <NamesField
        label="Columns"
        kind="column"
        path={path("columns")}
        placeholder="shop.orders.*, !shop.customers.notes …"
        description="Empty: any column. A ! in front takes columns out."
        value={rule.columns}
        onChange={(columns) => set({ columns })}
      />
      <NamesField
        label="Functions"
        kind={null}
        path={path("functions")}
        placeholder="sleep, shop.customer_label …"
        description={
          deny
            ? "Empty: whatever it calls. Calling one is enough."
            : "Functions it may call beside the harmless built-in ones."
        }
        value={rule.functions}
        onChange={(functions) => set({ functions })}
      />
      {deny && rule.where === undefined ? null : (
        <NamesField
          label="Pinned columns"
          kind="column"
          path={path("where")}
          placeholder="shop.orders.customer_id …"
          description="The statement must ask for one value of these (column = value), wherever their table is used."
          value={rule.where}
          onChange={(where) => set({ where })}
        />
      )}
      {deny && rule.max_limit === undefined ? null : (
        <Field
          label="Highest LIMIT"
          optional
          description="The statement must carry a LIMIT of at most this many rows."
          error={problemAt(path("max_limit"))}
        >
          <NumberInput value={rule.max_limit} placeholder="500" onChange={(max_limit) => set({ max_limit })} />
        </Field>
      )}
    </div>
  );
}

function TemplateFields({ at, rule, onChange }: RuleFieldsProps) {
  const { problemAt, readOnly, templates } = usePolicyEditing();
  const found = templates[at];
  const parameters = rule.parameters ?? [];
  const problem = problemAt(["rules", at, "template"]) ?? (found?.ok === false ? found.why : null);
  const count = Math.max(found?.ok === true ? found.placeholders : 0, parameters.length);
  const noteId = `template-note-${at}`;
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-col gap-1">
        <span className="font-medium text-sm">Template</span>
        <CodeEditor
          language="sql"
          label="Template"
          describedBy={noteId}
          invalid={problem !== null && (rule.template ?? "") !== ""}
          readOnly={readOnly}
          placeholder="SELECT id, status FROM shop.orders WHERE id = ?"
          value={rule.template ?? ""}
          onChange={(template) => onChange(withKeys(rule, { template }))}
        />
        <div id={noteId} className="text-xs">
          {problem === null ? (
            <p className="text-faint">
              One statement; ? stands for a value. A value that is written out must be exactly that.
              {found?.ok === true ? ` Understood, with ${count === 1 ? "one value" : `${count} values`}.` : ""}
            </p>
          ) : (
            <p role="alert" className="text-danger">
              {rule.template === "" ? "Write the statement that this rule is about." : problem}
            </p>
          )}
        </div>
      </div>
      {Array.from({ length: count }, (_, index) => (
        <DomainFields
          // biome-ignore lint/suspicious/noArrayIndexKey: a domain belongs to the placeholder at its position
          key={index}
          position={index + 1}
          path={["rules", at, "parameters", index]}
          value={parameters[index] ?? {}}
          onChange={(domain) => onChange(withKeys(rule, { parameters: filled(parameters, index, domain, count) }))}
        />
      ))}
    </div>
  );
}

/** The domains with one replaced; placeholders before it that had none take anything. */
function filled(
  parameters: NonNullable<Rule["parameters"]>,
  at: number,
  domain: NonNullable<Rule["parameters"]>[number],
  count: number,
): NonNullable<Rule["parameters"]> {
  return Array.from({ length: Math.min(count, Math.max(parameters.length, at + 1)) }, (_, index) =>
    index === at ? domain : (parameters[index] ?? {}),
  );
}
