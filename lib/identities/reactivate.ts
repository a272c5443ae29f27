import type { Ctx } from "@/lib/ctx";
import { changeStatus, type StatusChange } from "./change-status";

/** Lets a suspended identity log in and sign in again. */
export function reactivate(ctx: Ctx, input: StatusChange): Promise<void> {
  return changeStatus(ctx, input, "reactivate");
}
