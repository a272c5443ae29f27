"use client";

import { useState } from "react";
import { GROUP_WORDS } from "@/lib/policy/draft/describe-rule";
import type { Rule } from "@/lib/policy/rule";
import { groupOf, STATEMENT_CLASSES, STATEMENT_GROUPS, type StatementGroup } from "@/lib/sql/taxonomy";
import { TokenField, type TokenOption } from "./token-field";

type StatementName = NonNullable<Rule["statements"]>[number];

const GROUPS = Object.keys(STATEMENT_GROUPS) as StatementGroup[];
const OPTIONS: readonly TokenOption[] = [
  ...GROUPS.map((name) => ({ value: name, detail: `all of: ${GROUP_WORDS[name].explanation}` })),
  ...STATEMENT_CLASSES.map((name) => ({ value: name, detail: GROUP_WORDS[groupOf(name)].label.toLowerCase() })),
];

/** Which kinds of statements a rule is about: classes and groups, found by a part of their name. */
export function StatementsField({
  value,
  onChange,
  readOnly,
  deny,
  error,
}: {
  readonly value: Rule["statements"];
  readonly onChange: (value: Rule["statements"]) => void;
  readonly readOnly: boolean;
  readonly deny: boolean;
  readonly error: string | null;
}) {
  const [typed, setTyped] = useState("");
  const wanted = typed.trim().toLowerCase().replaceAll(" ", "_");
  const chosen: readonly string[] = value ?? [];
  const options = OPTIONS.filter((one) => one.value.includes(wanted) && !chosen.includes(one.value));
  return (
    <TokenField
      label="Statements"
      description={
        deny
          ? "Empty: every kind of statement. An insert or update also touches INSERT ... ON DUPLICATE KEY UPDATE, an insert or delete also REPLACE."
          : "Kinds of statements, or whole groups. A write that also reads other tables needs select too, INSERT ... ON DUPLICATE KEY UPDATE both insert and update."
      }
      placeholder="select, insert, write …"
      closed
      readOnly={readOnly}
      value={chosen}
      options={options}
      onType={(text) => setTyped(text ?? "")}
      onChange={(next) => onChange(next.length === 0 ? undefined : (next as StatementName[]))}
      error={error}
    />
  );
}
