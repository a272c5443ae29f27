import { z } from "zod";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { parseInput } from "@/lib/parse-input";
import { accountName } from "../model";
import { restrictedOf } from "./restricted-of";
import { restrictedScript } from "./script";

export const scriptRequest = z.strictObject({
  user: accountName.regex(/^\P{Cc}*$/u, "no control characters"),
  /** The host part of the account: from where the gateways connect. */
  host: z
    .string()
    .min(1)
    .max(255)
    .regex(/^\P{Cc}*$/u, "no control characters")
    .default("%"),
  readsOnly: z.boolean().default(false),
});

/** The script that makes the restricted account of a connection by its masks as they are now. Throws FORBIDDEN, INVALID_INPUT, NOT_FOUND, UNAVAILABLE. */
export async function writeRestrictedScript(
  ctx: Ctx,
  connectionId: string,
  input: unknown,
): Promise<{ script: string; schemas: readonly string[] }> {
  authorise(ctx, "connections:edit");
  const { user, host, readsOnly } = parseInput(scriptRequest, input, "The account");
  const { reach } = await restrictedOf(ctx, connectionId);
  const script = restrictedScript({ ...reach, user, host, readsOnly, flavour: reach.catalogue.flavour });
  return { script, schemas: reach.schemas };
}
