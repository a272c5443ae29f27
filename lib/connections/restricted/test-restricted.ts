import { z } from "zod";
import { recordAudit } from "@/lib/audit/record";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { SallyportError } from "@/lib/errors/error";
import { parseInput } from "@/lib/parse-input";
import { openRestrictedCredential } from "../credential";
import { password } from "../input";
import { accountName } from "../model";
import { takeTestPlace } from "../test/rate-limit";
import { runRestrictedTest } from "../test/restricted-test";
import type { StepResult } from "../test/steps";
import { restrictedReach } from "./reach";
import { restrictedOf } from "./restricted-of";

/** Left out: the stored account, or the stored password of the stored account. */
export const restrictedTest = z.strictObject({ user: accountName.optional(), password: password.optional() });

/**
 * Asks the server whether the restricted account fits the masks, and records the outcome. Only at the stored address. Rejects with
 * FORBIDDEN, INVALID_INPUT, NOT_FOUND or UNAVAILABLE; asking for the first step with RATE_LIMITED.
 */
export async function testRestricted(
  ctx: Ctx,
  connectionId: string,
  input: unknown,
): Promise<AsyncGenerator<StepResult, void, undefined>> {
  authorise(ctx, "connections:test");
  const given = parseInput(restrictedTest, input, "The test");
  const { connection, reach } = await restrictedOf(ctx, connectionId);
  const user = given.user ?? connection.restrictedUser;
  if (user === null) throw problem("user", "the account to check");
  const sealed = user === connection.restrictedUser ? connection.sealedRestrictedPassword : null;
  const secret = given.password ?? (sealed === null ? null : openRestrictedCredential(connection.id, sealed));
  if (secret === null) throw problem("password", "the password of this account: none is stored for it");
  const { host, port, tls, ca } = connection;
  const target = { host, port, user, tls, ca, schema: null, password: secret };
  return recorded(ctx, connection, user, runRestrictedTest(target, restrictedReach(reach)));
}

function problem(path: string, message: string): SallyportError {
  return new SallyportError("INVALID_INPUT", "The check needs the account", { problems: [{ path, message }] });
}

async function* recorded(
  ctx: Ctx,
  connection: { readonly name: string; readonly host: string; readonly port: number },
  user: string,
  test: AsyncGenerator<StepResult, void, undefined>,
): AsyncGenerator<StepResult, void, undefined> {
  const release = takeTestPlace(ctx.actor.kind === "system" ? "system" : ctx.actor.id);
  const results: StepResult[] = [];
  try {
    for await (const result of test) {
      results.push(result);
      yield result;
    }
  } finally {
    release();
    const failed = results.find((one) => one.status === "failed");
    const finished = results.some((one) => one.step === "clean");
    const { name, host, port } = connection;
    const account = `${user}@${host}:${port}`;
    await recordAudit(ctx.db, ctx.actor, {
      action: "connection.tested",
      result: finished && failed === undefined ? "ok" : "failed",
      // Not the connection: its own last test is another question.
      object: { kind: "account", id: account.slice(0, 64), name: account },
      connectionName: name,
      message: failed?.summary ?? (finished ? "the restricted account fits" : "stopped before the end"),
      detail: { host, port, user, restricted: true, failedStep: failed?.step ?? (finished ? null : "stopped") },
    });
  }
}
