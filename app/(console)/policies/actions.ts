"use server";

import { revalidatePath } from "next/cache";
import { type ActionResult, consoleAction } from "@/lib/auth/console-action";
import { createPolicy } from "@/lib/policy/create-policy";
import { removePolicy } from "@/lib/policy/remove-policy";
import { type RolledBack, rollBack } from "@/lib/policy/revisions/roll-back";
import { updatePolicy } from "@/lib/policy/update-policy";

/** Forms of the policy pages. Every verb checks the role again and parses its own input. */

export async function publishNewPolicyAction(
  input: Parameters<typeof createPolicy>[1],
): Promise<ActionResult<{ id: string; version: number; revision: number }>> {
  return done(await consoleAction("policies:edit", (ctx) => createPolicy(ctx, input)));
}

export async function publishPolicyAction(
  input: Parameters<typeof updatePolicy>[1],
): Promise<ActionResult<{ version: number; revision: number | null }>> {
  return done(await consoleAction("policies:edit", (ctx) => updatePolicy(ctx, input)));
}

export async function removePolicyAction(
  input: Parameters<typeof removePolicy>[1],
): Promise<ActionResult<{ name: string }>> {
  return done(await consoleAction("policies:edit", (ctx) => removePolicy(ctx, input)));
}

export async function rollBackAction(input: Parameters<typeof rollBack>[1]): Promise<ActionResult<RolledBack>> {
  return done(await consoleAction("policies:edit", (ctx) => rollBack(ctx, input)));
}

/** Lets open pages show what was changed. */
function done<T>(result: ActionResult<T>): ActionResult<T> {
  if (result.ok) {
    revalidatePath("/policies", "layout");
    revalidatePath("/connections", "layout");
  }
  return result;
}
