import type { JWTPayload } from "jose";
import { recordAudit } from "@/lib/audit/record";
import { startConsoleSession } from "@/lib/auth/console-session";
import { rolesOf } from "@/lib/auth/roles";
import { readTokenFacts } from "@/lib/auth/token-facts";
import type { Role } from "@/lib/ctx";
import type { Db } from "@/lib/db/client";
import { inTransaction } from "@/lib/db/transaction";
import { SallyportError } from "@/lib/errors/error";
import { upsertIdentity } from "@/lib/identities/upsert";

/** What the identity provider said, and from where the browser asked. */
export interface SignInInput {
  readonly issuer: string;
  /** ID token and userinfo, merged. */
  readonly claims: JWTPayload;
  readonly groupsClaim: string;
  readonly roleMap: Readonly<Record<Role, readonly string[]>>;
  readonly address: string | null;
  readonly userAgent: string | null;
  readonly sealIdToken: (sessionId: string) => string | null;
}

export type SignInResult =
  | { readonly ok: true; readonly identityId: string; readonly sessionId: string }
  | { readonly ok: false; readonly why: "suspended" | "groups" };

/**
 * Signs a person in to the console: notes the identity, starts a session, writes the audit event. A suspended person and claims
 * without trustworthy groups are refused. A person without a role gets a session that may see nothing, so that a page can explain it.
 */
export async function signIn(db: Db, input: SignInInput): Promise<SignInResult> {
  const facts = factsOf(input);
  if (facts instanceof SallyportError) {
    await recordAudit(
      db,
      { kind: "system", name: "console" },
      {
        action: "console.refused",
        result: "refused",
        code: "LOGIN_REFUSED",
        message: facts.message,
        detail: { subject: String(input.claims.sub ?? ""), address: input.address },
      },
    );
    return { ok: false, why: "groups" };
  }
  return inTransaction(db, async (tx): Promise<SignInResult> => {
    const identity = await upsertIdentity(tx, {
      issuer: input.issuer,
      subject: facts.subject,
      kind: "person",
      clientId: null,
      email: facts.email,
      name: facts.name,
      // No groups claim means no groups: an old membership must not outlive its removal.
      groups: facts.groups,
    });
    const roles = rolesOf(facts.groups, input.roleMap);
    const actor = {
      kind: "person",
      id: identity.id,
      name: identity.displayName,
      roles,
      address: input.address,
    } as const;
    if (identity.status !== "active") {
      await recordAudit(tx, actor, {
        action: "console.refused",
        result: "refused",
        code: "LOGIN_REFUSED",
        message: "The identity is suspended",
      });
      return { ok: false, why: "suspended" };
    }
    const sessionId = await startConsoleSession(tx, {
      identityId: identity.id,
      sessionVersion: identity.sessionVersion,
      userAgent: input.userAgent,
      sealIdToken: input.sealIdToken,
    });
    await recordAudit(
      tx,
      actor,
      roles.length > 0
        ? { action: "console.signed_in", detail: { roles } }
        : {
            action: "console.refused",
            result: "refused",
            code: "FORBIDDEN",
            message: "None of the person's groups gives a role",
            detail: { groups: facts.groups },
          },
    );
    return { ok: true, identityId: identity.id, sessionId };
  });
}

function factsOf(input: SignInInput) {
  try {
    return readTokenFacts(input.claims, input.groupsClaim);
  } catch (error) {
    if (error instanceof SallyportError) return error;
    throw error;
  }
}
