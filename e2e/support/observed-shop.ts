import { eq } from "drizzle-orm";
import { expect, vi } from "vitest";
import { CONSOLE_ANALYSTS } from "@/lib/analyses/analysts";
import { runDueAnalysis } from "@/lib/analyses/run-due";
import { storeCatalogue } from "@/lib/catalogue/store";
import type { Ctx } from "@/lib/ctx";
import { connections, identities, masks } from "@/lib/db/schema";
import { newId } from "@/lib/ids";
import { getProposal } from "@/lib/learning/get-proposal";
import { startLearning } from "@/lib/learning/start";
import { mask } from "@/lib/masking/mask";
import { columnsOf } from "@/lib/masks/mask-columns";
import { createPolicy } from "@/lib/policy/create-policy";
import { removePolicy } from "@/lib/policy/remove-policy";
import { type GatewaySnapshot, loadSnapshot } from "@/lib/policy/snapshot";
import type { LearnResult, ProposedPolicy } from "@/lib/policy/suggest/model";
import { learnedDraft, UNTOUCHED } from "@/lib/policy/suggest/review";
import type { StatementContext } from "@/lib/policy/understand";
import { IdentityDirectory } from "@/proxy/login/identity-directory";
import { createLogin } from "@/proxy/login/login";
import type { StatementRecord } from "@/proxy/session/ports";
import { DEMO_MASKS } from "@/scripts/embedded/demo-masks";
import { seedShop } from "@/scripts/shop/seed";
import type { Played } from "@/scripts/traffic/play";
import type { AgentStatement } from "@/scripts/traffic/statement";
import { TRAFFIC_AGENTS } from "@/scripts/traffic/traffic-of";
import { playAs } from "./play-traffic";
import { ctxOf, insertConnection } from "./rows";
import { shipObserved } from "./ship-observed";
import { createTestDatabase, createTestStore, type TestStore, testServer } from "./store";
import { CONNECTION_ID, type GatewayUnderTest, startGateway } from "./wire-gateway";

/** What an administrator types who publishes without a look at the impact. */
const UNSEEN = "publish unseen";

/** What came of one agent's statements: what it was told, and what the gateway recorded, but for mere preparing. Both in its order. */
export interface Heard {
  readonly played: readonly Played[];
  readonly records: readonly StatementRecord[];
}

/** The demo shop behind a gateway under test, with a store beside it: its connection observes until policies are published. */
export interface ObservedShop {
  readonly schema: string;
  readonly gateway: GatewayUnderTest;
  readonly context: StatementContext;
  /** Sends statements of each agent, all agents at once. */
  play(traffic: Readonly<Record<string, Iterable<AgentStatement>>>): Promise<ReadonlyMap<string, Heard>>;
  /** Brings what was observed so far to the store, and learns from it. To be called once. */
  learn(): Promise<LearnResult>;
  /** Has these as they are proposed, nothing else, and enforces them. */
  publish(proposed: readonly ProposedPolicy[]): Promise<void>;
  close(): Promise<void>;
}

export async function createObservedShop(): Promise<ObservedShop> {
  const [database, store] = [await createTestDatabase(), await createTestStore()];
  await seedShop(database.url);
  const admin = ctxOf(store.db, "admin");
  const server = testServer();
  const upstream = { host: server.host, port: server.port, user: server.user, tls: "disabled" } as const;
  await insertConnection(store.db, { ...upstream, name: "shop", schema: database.name, mode: "observe" });
  await store.db.update(connections).set({ id: CONNECTION_ID });
  const now = new Date();
  const demoMasks = DEMO_MASKS.map((one) => ({ ...one, column: one.column.replace(/^shop\./, `${database.name}.`) }));
  const stamp = { connectionId: CONNECTION_ID, createdAt: now, updatedAt: now, updatedBy: "test" };
  await store.db
    .insert(masks)
    .values(demoMasks.map((one) => ({ id: newId(), ...columnsOf(mask.parse(one)), ...stamp })));
  const newcomers = await createPolicy(admin, {
    connectionId: CONNECTION_ID,
    name: "newcomers",
    identities: TRAFFIC_AGENTS.map((name) => ({ client_id: name })),
    metadata: "deny",
  });
  let published = [newcomers];
  const directory = new IdentityDirectory(store.db);
  const gateway = await startGateway({ schema: database.name });
  await takeStored();
  await vi.waitFor(() => expect(gateway.catalogues.current(CONNECTION_ID)).not.toBeNull());
  const catalogue = gateway.catalogues.current(CONNECTION_ID)?.catalogue;
  if (catalogue === undefined) throw new Error("the gateway has no catalogue");
  await storeCatalogue(store.db, CONNECTION_ID, catalogue.snapshot, now);

  /** What the policy feed does. */
  async function takeStored(): Promise<void> {
    const snapshot = await loadSnapshot(store.db);
    const connection = snapshot.byId.get(CONNECTION_ID);
    if (connection === undefined) throw new Error("the store has no connection");
    const { mode, masks: hidden, policies } = connection;
    Object.assign(gateway.settings, { mode, masks: hidden, policies: policies.map((one) => one.policy) });
    gateway.settings.login = loginBy(snapshot, directory);
    gateway.publish();
  }
  return {
    schema: database.name,
    gateway,
    context: { dialect: catalogue.snapshot.flavour, catalogue, defaultSchema: database.name, pipesAsConcat: false },
    play: async (traffic) => {
      const before = gateway.observed.statements.length;
      const played = await Promise.all(
        Object.entries(traffic).map(async ([name, sent]) => [name, await playAs(gateway, name, sent)] as const),
      );
      const records = gateway.observed.statements.slice(before).filter((one) => !isPreparing(one));
      const rows = await store.db.select({ id: identities.id, name: identities.displayName }).from(identities);
      const ids = new Map(rows.map(({ id, name }) => [name, id]));
      return new Map(
        played.map(([name, all]) => [
          name,
          { played: all, records: records.filter((one) => one.identityId === ids.get(name)) },
        ]),
      );
    },
    learn: async () => {
      await shipObserved(store, gateway.observed);
      return learnAll(store, admin);
    },
    publish: async (proposed) => {
      for (const { id, version } of published) await removePolicy(admin, { id, version, confirmation: UNSEEN });
      published = [];
      for (const one of proposed) {
        const { connection: _, ...draft } = learnedDraft(one, "shop", UNTOUCHED);
        published.push(await createPolicy(admin, { ...draft, connectionId: CONNECTION_ID, confirmation: UNSEEN }));
      }
      await store.db.update(connections).set({ mode: "enforce" }).where(eq(connections.id, CONNECTION_ID));
      await takeStored();
    },
    close: async () => {
      await gateway.close();
      await store.close();
      await database.drop();
    },
  };
}

/** A statement that only came to be prepared: its execution is the statement. */
const isPreparing = ({ command, errorNumber }: StatementRecord) =>
  command === "prepare" && (errorNumber ?? null) === null;

/** As gateways do it, but for the token: `token-NAME` is that of the machine NAME. */
function loginBy(snapshot: GatewaySnapshot, directory: IdentityDirectory): ReturnType<typeof createLogin> {
  const { password } = testServer();
  const issued = { issuer: "https://idp.example", groups: [], saysGroups: true, email: null, kind: "machine" } as const;
  return createLogin({
    verifier: {
      warm: async () => undefined,
      verify: async (token) => {
        const name = /^token-(\S+)/.exec(token)?.[1] ?? "";
        return { ...issued, subject: name, clientId: name, name, expiresAt: new Date(Date.now() + 3_600_000) };
      },
    },
    directory,
    snapshot: () => snapshot,
    openCredential: () => password,
    openRestrictedCredential: () => password,
  });
}

async function learnAll({ db }: TestStore, admin: Ctx): Promise<LearnResult> {
  const until = new Date(Date.now() + 1_000);
  const since = new Date(until.getTime() - 3_600_000);
  const period = { since: since.toISOString(), until: until.toISOString() };
  const { id } = await startLearning(admin, { connection: "shop", ...period });
  const problems: unknown[] = [];
  await runDueAnalysis(db, {
    name: "test",
    analysts: CONSOLE_ANALYSTS,
    signal: new AbortController().signal,
    onError: (error) => problems.push(error),
  });
  expect(problems).toEqual([]);
  const { analysis, result } = await getProposal(admin, id);
  if (result === null) throw new Error(`learning ended as ${analysis.state}: ${analysis.error}`);
  return result;
}
