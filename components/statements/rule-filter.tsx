"use client";

import { X } from "lucide-react";
import { useQueryState } from "nuqs";
import { Button } from "@/components/ui/button";

const OPTIONS = { shallow: false, history: "replace" } as const;

/** Shows that the list is narrowed to one rule, which links from a statement do, and takes it away. */
export function RuleFilter() {
  const [rule, setRule] = useQueryState("rule", OPTIONS);
  const [, setCursor] = useQueryState("cursor", OPTIONS);
  if (rule === null) return null;
  return (
    <Button
      aria-label={`Rule: ${rule}. Show all rules`}
      onClick={() => {
        void setCursor(null);
        void setRule(null);
      }}
    >
      <span className="max-w-48 truncate">Rule: {rule}</span>
      <X aria-hidden />
    </Button>
  );
}
