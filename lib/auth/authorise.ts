import { may, type Permission } from "@/lib/auth/roles";
import type { Actor } from "@/lib/ctx";
import { SallyportError } from "@/lib/errors/error";

/**
 * Lets the actor pass or throws FORBIDDEN. Every verb of lib calls this first, whoever calls the verb.
 * The system (the gateway, the operator's command line) may do everything; a machine client has no business in the console's verbs.
 */
export function authorise(ctx: { readonly actor: Actor }, permission: Permission): void {
  const { actor } = ctx;
  if (actor.kind === "system" || (actor.kind === "person" && may(actor.roles, permission))) {
    return;
  }
  throw new SallyportError("FORBIDDEN", `${actor.name} has no role that allows ${permission}`, {
    next: "Ask an administrator of your identity provider for a group that gives the role",
  });
}
