import { Bot, Fingerprint, Mail, Users } from "lucide-react";
import { Badge } from "@/components/ui/badge";
import type { Binding } from "@/lib/policy/binding";

/** The keys of a binding, what each is called, and an example. */
export const BINDING_KINDS = [
  { value: "client_id", label: "Machine client", hint: "An agent's OIDC client id", example: "orders-agent" },
  { value: "group", label: "Group", hint: "Everyone whose token carries it", example: "support" },
  { value: "email", label: "Person by e-mail", hint: "One person", example: "ann@example.com" },
  { value: "subject", label: "Subject", hint: "The sub claim, exactly", example: "00u1a2b3" },
] as const;
export type BindingKind = (typeof BINDING_KINDS)[number]["value"];

/** A binding taken apart: its one key and value. */
export function bindingParts(binding: Binding): { kind: BindingKind; value: string } {
  if ("client_id" in binding) return { kind: "client_id", value: binding.client_id };
  if ("group" in binding) return { kind: "group", value: binding.group };
  if ("email" in binding) return { kind: "email", value: binding.email };
  return { kind: "subject", value: binding.subject };
}

/** A binding of its parts. */
export function bindingOf(kind: BindingKind, value: string): Binding {
  switch (kind) {
    case "client_id":
      return { client_id: value };
    case "group":
      return { group: value };
    case "email":
      return { email: value };
    case "subject":
      return { subject: value };
    default: {
      const never: never = kind;
      throw new Error(`unknown kind of binding ${String(never)}`);
    }
  }
}

const ICONS = { client_id: Bot, group: Users, email: Mail, subject: Fingerprint } as const;

/** One identity that may connect. */
export function BindingBadge({ binding }: { readonly binding: Binding }) {
  const { kind, value } = bindingParts(binding);
  const Icon = ICONS[kind];
  const label = BINDING_KINDS.find((one) => one.value === kind)?.label ?? kind;
  return (
    <Badge tone="outline" title={`${label}: ${value}`}>
      <Icon aria-hidden />
      <span className="sr-only">{label}: </span>
      <span className="truncate">{value}</span>
    </Badge>
  );
}
