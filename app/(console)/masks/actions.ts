"use server";

import { revalidatePath } from "next/cache";
import { type ActionResult, consoleAction } from "@/lib/auth/console-action";
import { acceptFindings } from "@/lib/findings/accept";
import { dismissFindings } from "@/lib/findings/dismiss";
import { reopenFindings } from "@/lib/findings/reopen";
import { applySuggestedMasks } from "@/lib/masks/apply-suggested";
import { createMask } from "@/lib/masks/create-mask";
import { removeMask } from "@/lib/masks/remove-mask";
import { type MasksSet, setMasks } from "@/lib/masks/set-masks";
import { updateMask } from "@/lib/masks/update-mask";

/** Forms of the Masks page. Every verb checks the role again and parses its own input. */

export async function createMaskAction(
  input: Parameters<typeof createMask>[1],
): Promise<ActionResult<{ id: string; version: number; revision: number }>> {
  return done(await consoleAction("policies:edit", (ctx) => createMask(ctx, input)));
}

export async function updateMaskAction(
  input: Parameters<typeof updateMask>[1],
): Promise<ActionResult<{ version: number; revision: number | null }>> {
  return done(await consoleAction("policies:edit", (ctx) => updateMask(ctx, input)));
}

export async function removeMaskAction(
  input: Parameters<typeof removeMask>[1],
): Promise<ActionResult<{ column: string }>> {
  return done(await consoleAction("policies:edit", (ctx) => removeMask(ctx, input)));
}

export async function setMasksAction(input: Parameters<typeof setMasks>[1]): Promise<ActionResult<MasksSet>> {
  return done(await consoleAction("policies:edit", (ctx) => setMasks(ctx, input)));
}

export async function acceptFindingsAction(
  input: Parameters<typeof acceptFindings>[1],
): Promise<ActionResult<{ done: true }>> {
  return done(
    await consoleAction("findings:edit", async (ctx) => {
      await acceptFindings(ctx, input, applySuggestedMasks);
      return { done: true } as const;
    }),
  );
}

export async function dismissFindingsAction(
  input: Parameters<typeof dismissFindings>[1],
): Promise<ActionResult<{ done: true }>> {
  return done(
    await consoleAction("findings:edit", async (ctx) => {
      await dismissFindings(ctx, input);
      return { done: true } as const;
    }),
  );
}

export async function reopenFindingsAction(
  input: Parameters<typeof reopenFindings>[1],
): Promise<ActionResult<{ done: true }>> {
  return done(
    await consoleAction("findings:edit", async (ctx) => {
      await reopenFindings(ctx, input);
      return { done: true } as const;
    }),
  );
}

/** Lets open pages show what was changed. */
function done<T>(result: ActionResult<T>): ActionResult<T> {
  if (result.ok) {
    revalidatePath("/masks", "layout");
    revalidatePath("/connections", "layout");
  }
  return result;
}
