import { eq } from "drizzle-orm";
import { z } from "zod";
import { recordAudit } from "@/lib/audit/record";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { connections } from "@/lib/db/schema";
import { SallyportError } from "@/lib/errors/error";
import { parseInput } from "@/lib/parse-input";
import { checkCaText } from "../certificate";
import { openCredential } from "../credential";
import { editableFields, password } from "../input";
import { needsPassword } from "../update-connection";
import type { TestTarget } from "./login";
import { takeTestPlace } from "./rate-limit";
import { runTest } from "./run-test";
import type { StepResult } from "./steps";

const testedFields = editableFields.pick({ host: true, port: true, user: true, tls: true, ca: true, schema: true });

/** A stored connection, unsaved values of a form, or both: unsaved values with the stored password where that is allowed. */
export const connectionTest = z
  .strictObject({ connectionId: z.ulid().optional(), fields: testedFields.optional(), password: password.optional() })
  .refine((input) => input.connectionId !== undefined || input.fields !== undefined, "say what to test");

/**
 * Tests a connection and records the outcome. Nothing is sent before the first step is asked for; asking rejects with
 * RATE_LIMITED when this person tests too much. Rejects with FORBIDDEN, INVALID_INPUT or NOT_FOUND.
 */
export async function testConnection(
  ctx: Ctx,
  input: z.input<typeof connectionTest>,
): Promise<AsyncGenerator<StepResult, void, undefined>> {
  authorise(ctx, "connections:test");
  const given = parseInput(connectionTest, input, "The test");
  const { target, stored } = await findTarget(ctx, given);
  return recorded(ctx, target, stored);
}

type Stored = { readonly id: string; readonly name: string; readonly unchanged: boolean } | null;

async function findTarget(
  ctx: Ctx,
  given: z.output<typeof connectionTest>,
): Promise<{ target: TestTarget; stored: Stored }> {
  const { connectionId, fields } = given;
  if (fields?.ca !== undefined) {
    checkCaText(fields.ca, "fields.ca");
  }
  if (connectionId === undefined) {
    if (fields === undefined || given.password === undefined) {
      throw passwordProblem("the password of this account");
    }
    return { target: targetOf(fields, given.password), stored: null };
  }
  const [row] = await ctx.db.select().from(connections).where(eq(connections.id, connectionId));
  if (row === undefined) {
    throw new SallyportError("NOT_FOUND", "There is no such connection", {
      next: "It may have been deleted; go back to the list",
    });
  }
  const wanted = fields ?? { ...row, ca: row.ca ?? undefined, schema: row.schema ?? undefined };
  if (given.password === undefined && needsPassword(row, wanted)) {
    throw passwordProblem(
      "give the password again: the stored one goes only to the server and account it was stored for",
    );
  }
  const secret = given.password ?? openCredential(row.id, row.sealedPassword);
  return {
    target: targetOf(wanted, secret),
    stored: { id: row.id, name: row.name, unchanged: fields === undefined && given.password === undefined },
  };
}

function targetOf(
  fields: Partial<z.output<typeof testedFields>> &
    Pick<z.output<typeof testedFields>, "host" | "port" | "user" | "tls">,
  secret: string,
): TestTarget {
  const { host, port, user, tls } = fields;
  return { host, port, user, tls, ca: fields.ca ?? null, schema: fields.schema ?? null, password: secret };
}

function passwordProblem(message: string): SallyportError {
  return new SallyportError("INVALID_INPUT", "The test needs a password", {
    problems: [{ path: "password", message }],
  });
}

async function* recorded(ctx: Ctx, target: TestTarget, stored: Stored): AsyncGenerator<StepResult, void, undefined> {
  const release = takeTestPlace(ctx.actor.kind === "system" ? "system" : ctx.actor.id);
  const results: StepResult[] = [];
  try {
    for await (const result of runTest(target)) {
      results.push(result);
      yield result;
    }
  } finally {
    release();
    const failed = results.find((one) => one.status === "failed");
    const finished = results.some((one) => one.step === "latency");
    await recordAudit(ctx.db, ctx.actor, {
      action: "connection.tested",
      result: finished && failed === undefined ? "ok" : "failed",
      object:
        stored?.unchanged === true
          ? { kind: "connection", id: stored.id, name: stored.name }
          : {
              kind: "address",
              id: `${target.host}:${target.port}`.slice(0, 64),
              name: `${target.host}:${target.port}`,
            },
      ...(stored === null ? {} : { connectionName: stored.name }),
      message: failed?.summary ?? (finished ? "every step passed" : "stopped before the end"),
      detail: {
        host: target.host,
        port: target.port,
        user: target.user,
        tls: target.tls,
        failedStep: failed?.step ?? (finished ? null : "stopped"),
        latencyMs: results.find((one) => one.latencyMs !== null)?.latencyMs ?? null,
        warnings: results.filter((one) => one.status === "warning").length,
      },
    });
  }
}
