"use client";

import { useMemo, useState } from "react";
import { type PolicyEditing, PolicyEditingProvider } from "@/components/policies/editor-context";
import { RuleFields } from "@/components/policies/rule-fields";
import { useDraftCheck } from "@/components/policies/use-draft-check";
import { Button } from "@/components/ui/button";
import { Sheet } from "@/components/ui/sheet";
import { describeRule } from "@/lib/policy/draft/describe-rule";
import { compactRule, draftProblems, emptyDraft } from "@/lib/policy/draft/draft";
import type { Rule } from "@/lib/policy/rule";

interface EditRuleSheetProps {
  readonly connection: { readonly id: string; readonly name: string };
  /** Null: closed. */
  readonly rule: Rule | null;
  readonly onClose: () => void;
  readonly onSave: (rule: Rule) => void;
}

const NOTHING = () => undefined;

/** The rule form of the policy editor, for one proposed rule. */
export function EditRuleSheet({ rule, ...props }: EditRuleSheetProps) {
  return rule === null ? null : <OpenSheet key={JSON.stringify(rule)} rule={rule} {...props} />;
}

function OpenSheet({ connection, rule, onClose, onSave }: EditRuleSheetProps & { readonly rule: Rule }) {
  const [edited, setEdited] = useState(rule);
  const draft = useMemo(
    () => ({ ...emptyDraft(connection.name), name: "proposal", rules: [edited] }),
    [connection.name, edited],
  );
  const problems = useMemo(() => draftProblems(draft), [draft]);
  const findings = useDraftCheck(draft);
  const dirty = JSON.stringify(compactRule(edited)) !== JSON.stringify(compactRule(rule));
  const editing = useMemo((): PolicyEditing => {
    const at =
      (list: readonly { readonly path: readonly (string | number)[]; readonly message: string }[]) =>
      (path: readonly (string | number)[]) =>
        list.find((one) => `${one.path.join("/")}/`.startsWith(`${path.join("/")}/`))?.message ?? null;
    return {
      draft,
      dispatch: NOTHING,
      connectionId: connection.id,
      readOnly: false,
      problemAt: at(problems),
      warningAt: at(findings.warnings),
      templates: findings.templates,
    };
  }, [draft, connection.id, problems, findings]);
  return (
    <Sheet
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={`Edit ${rule.name}`}
      description={describeRule(edited)}
      dirty={dirty}
      className="max-w-2xl"
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            disabled={!dirty || problems.length > 0}
            onClick={() => {
              onSave(compactRule(edited));
              onClose();
            }}
          >
            Take the edited rule
          </Button>
        </>
      }
    >
      <PolicyEditingProvider value={editing}>
        <RuleFields at={0} rule={edited} onChange={setEdited} />
      </PolicyEditingProvider>
    </Sheet>
  );
}
