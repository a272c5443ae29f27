import type { Ctx } from "@/lib/ctx";
import { changeStatus, type StatusChange } from "./change-status";

/** Stops an identity: its open sessions end within a second, and it can neither log in nor sign in. */
export function suspend(ctx: Ctx, input: StatusChange): Promise<void> {
  return changeStatus(ctx, input, "suspend");
}
