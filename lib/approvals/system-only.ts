import type { Ctx } from "@/lib/ctx";
import { SallyportError } from "@/lib/errors/error";

/** Lets gateways and timers pass. No person and no machine client may call what only the system does. */
export function systemOnly(ctx: Pick<Ctx, "actor">): void {
  if (ctx.actor.kind !== "system") {
    throw new SallyportError("FORBIDDEN", `${ctx.actor.name} may not do what only the system does`);
  }
}
