import { z } from "zod";

/** Who a policy binds. Exactly one key; a policy binds an identity when any of its bindings matches. */
export const binding = z.union([
  z.strictObject({ client_id: z.string().min(1).max(255) }),
  z.strictObject({ subject: z.string().min(1).max(255) }),
  z.strictObject({ group: z.string().min(1).max(255) }),
  z.strictObject({ email: z.email().max(255) }),
]);
export type Binding = z.output<typeof binding>;

/** The facts of a validated token that bindings look at. */
export interface BindingFacts {
  readonly clientId: string | null;
  readonly subject: string;
  readonly groups: readonly string[];
  readonly email: string | null;
}

/** Whether any of the bindings matches; e-mail addresses compare without case, everything else exactly. */
export function binds(bindings: readonly Binding[], facts: BindingFacts): boolean {
  return bindings.some((one) => {
    if ("client_id" in one) return one.client_id === facts.clientId;
    if ("subject" in one) return one.subject === facts.subject;
    if ("group" in one) return facts.groups.includes(one.group);
    return facts.email !== null && one.email.toLowerCase() === facts.email.toLowerCase();
  });
}
