"use server";

import { revalidatePath } from "next/cache";
import { type ActionResult, consoleAction } from "@/lib/auth/console-action";
import { createConnection } from "@/lib/connections/create-connection";
import type { ConnectionChange, NewConnection } from "@/lib/connections/input";
import { removeConnection } from "@/lib/connections/remove-connection";
import { rotateCredential } from "@/lib/connections/rotate-credential";
import { updateConnection } from "@/lib/connections/update-connection";
import { createPolicy } from "@/lib/policy/create-policy";
import { removePolicy } from "@/lib/policy/remove-policy";
import { updatePolicy } from "@/lib/policy/update-policy";

/** Forms of the connection pages. Every verb checks the role again and parses its own input. */

export async function createConnectionAction(
  input: NewConnection,
): Promise<ActionResult<{ id: string; name: string }>> {
  return done(await consoleAction("connections:edit", (ctx) => createConnection(ctx, input)));
}

export async function updateConnectionAction(input: ConnectionChange): Promise<ActionResult<{ version: number }>> {
  return done(await consoleAction("connections:edit", (ctx) => updateConnection(ctx, input)));
}

export async function rotateCredentialAction(
  input: Parameters<typeof rotateCredential>[1],
): Promise<ActionResult<{ version: number }>> {
  return done(await consoleAction("connections:edit", (ctx) => rotateCredential(ctx, input)));
}

export async function removeConnectionAction(
  input: Parameters<typeof removeConnection>[1],
): Promise<ActionResult<Awaited<ReturnType<typeof removeConnection>>>> {
  return done(await consoleAction("connections:edit", (ctx) => removeConnection(ctx, input)));
}

export async function createPolicyAction(
  input: Parameters<typeof createPolicy>[1],
): Promise<ActionResult<{ id: string; version: number }>> {
  return done(await consoleAction("policies:edit", (ctx) => createPolicy(ctx, input)));
}

export async function updatePolicyAction(
  input: Parameters<typeof updatePolicy>[1],
): Promise<ActionResult<{ version: number }>> {
  return done(await consoleAction("policies:edit", (ctx) => updatePolicy(ctx, input)));
}

export async function removePolicyAction(
  input: Parameters<typeof removePolicy>[1],
): Promise<ActionResult<{ name: string }>> {
  return done(await consoleAction("policies:edit", (ctx) => removePolicy(ctx, input)));
}

/** Lets the open page show what was changed. */
function done<T>(result: ActionResult<T>): ActionResult<T> {
  if (result.ok) revalidatePath("/connections", "layout");
  return result;
}
