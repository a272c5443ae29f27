import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestStore, type TestStore } from "@/e2e/support/store";
import type { AccessTokenVerifier } from "@/lib/auth/access-token";
import type { TokenFacts } from "@/lib/auth/token-facts";
import { identities } from "@/lib/db/schema";
import { SallyportError } from "@/lib/errors/error";
import type { GatewaySnapshot, SnapshotConnection } from "@/lib/policy/snapshot";
import type { ClientFacts } from "../session/ports";
import { IdentityDirectory } from "./identity-directory";
import { createLogin, upstreamKey } from "./login";

const CLIENT: ClientFacts = {
  address: "127.0.0.1",
  program: null,
  authMethod: "caching_sha2_password",
  tlsVersion: "TLSv1.3",
};
const SHOP: SnapshotConnection = {
  id: "01SHOP",
  name: "shop",
  host: "db",
  port: 3306,
  user: "app",
  sealedPassword: "sealed",
  restricted: null,
  tls: "preferred",
  ca: null,
  schema: "shop",
  mode: "enforce",
  limits: { max_sessions: 3 },
  approvals: { hold_seconds: 45, expires_minutes: 60, required: 1, reviewers: [] },
  recording: { results: "shape", max_result_bytes: 4096, retention_days: 7 },
  catalogue: { refresh_seconds: 30 },
  masks: [],
  policies: [],
  bindings: [{ client_id: "orders-agent" }],
};

function facts(changes: Partial<TokenFacts> = {}): TokenFacts {
  return {
    issuer: "https://idp.example",
    subject: "orders-agent",
    clientId: "orders-agent",
    groups: [],
    saysGroups: false,
    email: null,
    name: "orders-agent",
    kind: "machine",
    expiresAt: new Date(Date.now() + 60_000),
    ...changes,
  };
}
function snapshot(changes: Partial<GatewaySnapshot> = {}): GatewaySnapshot {
  return {
    version: 1,
    byName: new Map([["shop", SHOP]]),
    byId: new Map([["01SHOP", SHOP]]),
    suspended: new Set(),
    unreadable: [],
    ...changes,
  };
}

describe("the login of the wire", () => {
  let store: TestStore;
  beforeAll(async () => {
    store = await createTestStore();
  });
  afterAll(() => store.close());

  function login(
    token: TokenFacts | SallyportError,
    configuration: GatewaySnapshot | null = snapshot(),
    db = store.db,
  ) {
    const verifier: Pick<AccessTokenVerifier, "verify"> = {
      verify: async () => {
        if (token instanceof SallyportError) {
          throw token;
        }
        return token;
      },
    };
    return createLogin({
      verifier: { ...verifier, warm: async () => undefined },
      directory: new IdentityDirectory(db),
      snapshot: () => configuration,
      openCredential: (id, sealed) => `${id}/${sealed} opened`,
      openRestrictedCredential: (id, sealed) => `${id}/${sealed} opened as restricted`,
    });
  }

  it("gives a bound identity the connection, its credential and the token's end, and notes the identity", async () => {
    const token = facts();
    const grant = await login(token)("shop", "jwt", CLIENT);
    expect(grant).toMatchObject({
      identity: { name: "orders-agent" },
      facts: { clientId: "orders-agent", subject: "orders-agent" },
      connection: {
        id: "01SHOP",
        name: "shop",
        schema: "shop",
        limits: { max_sessions: 3 },
        recording: { results: "shape", max_result_bytes: 4096 },
      },
      tokenExpiresAt: token.expiresAt,
    });
    expect(grant.connection.upstream).toMatchObject({ host: "db", user: "app", password: "01SHOP/sealed opened" });
    expect(JSON.stringify(grant.facts)).not.toContain("opened");
    expect(await store.db.select().from(identities)).toMatchObject([{ id: grant.identity.id, kind: "machine" }]);
  });

  it("gives the restricted account of a connection too, and tells sessions of another one apart", async () => {
    const connection = { ...SHOP, restricted: { user: "clean", sealedPassword: "sealed" } };
    const grant = await login(facts(), snapshot({ byName: new Map([["shop", connection]]) }))("shop", "jwt", CLIENT);
    expect(grant.connection.restricted).toEqual({
      ...grant.connection.upstream,
      user: "clean",
      password: "01SHOP/sealed opened as restricted",
    });
    expect((await login(facts())("shop", "jwt", CLIENT)).connection.restricted).toBeNull();
    expect(grant.facts.upstreamKey).toBe(upstreamKey(connection));
    expect(upstreamKey(connection)).not.toBe(upstreamKey(SHOP));
    expect(upstreamKey(connection)).not.toContain("sealed");
  });

  it("looks at the token before anything else", async () => {
    const bad = new SallyportError("LOGIN_REFUSED", "The access token expired");
    await expect(login(bad, null)("shop", "jwt", CLIENT)).rejects.toBe(bad);
  });

  it("answers the same for a connection that is not there and one that is not theirs, and says what to bind", async () => {
    const stranger = facts({ subject: "stranger", clientId: "stranger", name: "stranger" });
    const refusals = await Promise.all(
      ["shop", "nope"].map((name) => login(stranger)(name, "jwt", CLIENT).catch((error: unknown) => error)),
    );
    for (const [at, name] of ["shop", "nope"].entries()) {
      expect(refusals[at]).toMatchObject({
        code: "LOGIN_REFUSED",
        message: `No policy lets the identity stranger use a connection named ${name}`,
        next: expect.stringContaining("{client_id: stranger}"),
        identity: { name: "stranger" },
      });
    }
  });

  it("refuses an identity that the store has as suspended, even when the configuration does not say so yet", async () => {
    const token = facts({ subject: "bad", clientId: "orders-agent", name: "bad" });
    await login(token)("shop", "jwt", CLIENT);
    await store.db.update(identities).set({ status: "suspended" });
    await expect(login(token)("shop", "jwt", CLIENT)).rejects.toMatchObject({
      code: "LOGIN_REFUSED",
      message: "The identity bad is suspended",
    });
    await store.db.update(identities).set({ status: "active" });
  });

  it("refuses an identity that the configuration has as suspended, without asking the store", async () => {
    const known = await login(facts())("shop", "jwt", CLIENT);
    const suspended = snapshot({ suspended: new Set([known.identity.id]) });
    await expect(login(facts(), suspended)("shop", "jwt", CLIENT)).rejects.toMatchObject({ code: "LOGIN_REFUSED" });
  });

  it("goes on for identities it knows while the store is away, and is unavailable to the others", async () => {
    const other = await createTestStore();
    const directory = new IdentityDirectory(other.db);
    const known = await directory.find(facts());
    await other.close();
    // Other facts make the directory ask the store, which is gone.
    expect(await directory.find(facts({ groups: ["new"], saysGroups: true }))).toEqual(known);
    await expect(directory.find(facts({ subject: "new" }))).rejects.toMatchObject({ code: "UNAVAILABLE" });
  });

  it("is unavailable before the first configuration", async () => {
    await expect(login(facts(), null)("shop", "jwt", CLIENT)).rejects.toMatchObject({ code: "UNAVAILABLE" });
  });

  it("is unavailable when the credential cannot be opened, without saying more than that", async () => {
    const broken = createLogin({
      verifier: { verify: async () => facts(), warm: async () => undefined },
      directory: new IdentityDirectory(store.db),
      snapshot: () => snapshot(),
      openCredential: () => {
        throw new Error("sealed text v1.abc");
      },
      openRestrictedCredential: () => "",
    });
    await expect(broken("shop", "jwt", CLIENT)).rejects.toMatchObject({
      code: "UNAVAILABLE",
      message: "The stored credential of shop cannot be opened",
    });
  });
});
