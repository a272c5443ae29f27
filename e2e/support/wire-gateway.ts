import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import {
  type ApprovalSettings,
  approvalSettings,
  catalogueSettings,
  type RecordingSettings,
  recordingSettings,
} from "@/lib/connections/model";
import { SallyportError } from "@/lib/errors/error";
import { newId } from "@/lib/ids";
import type { TokenKeys } from "@/lib/masking/cell";
import type { Mask } from "@/lib/masking/mask";
import { tokensByConnection } from "@/lib/masking/tokens";
import { type BindingFacts, binds } from "@/lib/policy/binding";
import { type Policy, policy } from "@/lib/policy/rule";
import type { GatewaySnapshot, SnapshotConnection } from "@/lib/policy/snapshot";
import type { ApprovalStore } from "@/proxy/approvals/approval-store";
import type { Holds } from "@/proxy/approvals/holds";
import type { Usage } from "@/proxy/budgets/usage";
import type { UsageStore } from "@/proxy/budgets/usage-store";
import { cataloguedConnections } from "@/proxy/catalogue/catalogued";
import type { Catalogues } from "@/proxy/catalogue/catalogues";
import { createDeciding } from "@/proxy/deciding";
import { createListener, type Listener } from "@/proxy/listener";
import { cellMasksBy } from "@/proxy/masking/cell-masks";
import type { CellMaskMaker } from "@/proxy/masking/masked-columns";
import type { AcceptParts } from "@/proxy/session/accept";
import type { Ruling } from "@/proxy/session/gate";
import type { GatewayPorts, LoginGrant, UpstreamTarget } from "@/proxy/session/ports";
import { SessionRegistry } from "@/proxy/session/registry";
import { Turn } from "@/proxy/socket/turn";
import { ensureTls, tlsFiles } from "@/scripts/embedded/tls";
import { changedGate } from "./changed-gate";
import { nothingObserved, type Observed, observingRecorder } from "./observed";
import { testServer } from "./store";

export interface GatewayUnderTest {
  readonly port: number;
  readonly ca: string;
  readonly caFile: string;
  readonly registry: SessionRegistry;
  readonly listener: Listener;
  readonly observed: Observed;
  /** Knobs that tests turn while it runs. */
  readonly settings: Settings;
  readonly catalogues: Catalogues;
  readonly holds: Holds;
  readonly usage: Usage;
  /** What its sessions are made of, for a second way in. */
  readonly accept: Pick<AcceptParts, "ports" | "registry" | "log" | "turn">;
  snapshot(): GatewaySnapshot;
  readonly tokens: (connectionId: string) => TokenKeys;
  /** Puts the settings' policies into force, as the policy feed does after a change. */
  publish(): void;
  close(): Promise<void>;
}

export interface Settings {
  upstream: UpstreamTarget;
  /** Of the account that sessions log in with, where there is one. */
  restricted: { readonly user: string; readonly password: string } | null;
  schema: string | null;
  limits: LoginGrant["connection"]["limits"];
  recording: RecordingSettings;
  tokenExpiresAt: Date;
  accepts: boolean;
  /** Whether the recorder has room for statements that never went upstream. */
  keepsRefusals: boolean;
  /** Whether records can be written at the end of a turn. */
  writes: boolean;
  killElsewhere: GatewayPorts["killElsewhere"];
  /** Null: every agent whose token names it is let in. */
  login: GatewayPorts["login"] | null;
  /** In place of the real one. */
  cellMask: CellMaskMaker | null;
  masks: readonly Mask[];
  /** The groups in every agent's token. */
  groups: readonly string[];
  /** More groups of some agents, by name. */
  groupsOf: Readonly<Record<string, readonly string[]>>;
  /** Puts a result plan under what the gate says: the wire side is tested without the decisions that make plans. */
  changeRuling(ruling: Ruling, sql: string): Ruling;
  /** Those without identities hold for everybody; by default all that is understood. */
  policies: readonly Policy[];
  /** Policies bind whom they name, and nobody else is let in. */
  bindsByName: boolean;
  mode: SnapshotConnection["mode"];
  approvals: ApprovalSettings;
  /** By default nothing is approved, and every request is new. */
  approvalStore: ApprovalStore;
  /** By default nobody has used or run anything before, and what is counted is forgotten. */
  usageStore: UsageStore;
  /** Budgets are counted by it. */
  now: () => number;
}

/** Allows whatever can be understood. */
export const ALLOW_ALL: Policy = policy.parse({
  name: "everything",
  identities: [],
  rules: [
    {
      name: "everything",
      effect: "allow",
      statements: ["read", "write", "ddl", "admin"],
      functions: ["sleep", "benchmark", "get_lock", "release_lock"],
    },
  ],
});

export const CONNECTION_ID = "0C0NNECT10N000000000000000";

/** The configuration that the settings stand for now. */
function snapshotOf(settings: Settings): GatewaySnapshot {
  const { upstream, restricted, schema, limits, policies, bindsByName, mode, masks, approvals, recording } = settings;
  const connection: SnapshotConnection = {
    ...upstream,
    id: CONNECTION_ID,
    name: "shop",
    sealedPassword: "",
    restricted: restricted === null ? null : { user: restricted.user, sealedPassword: "" },
    schema,
    mode,
    limits,
    approvals,
    recording,
    catalogue: catalogueSettings.parse({ refresh_seconds: 1 }),
    masks,
    policies: policies.map((one) => ({
      policy: one,
      bindsEverybody: !bindsByName && one.identities.length === 0,
    })),
    bindings: policies.flatMap((one) => one.identities),
  };
  return {
    version: 1,
    byName: new Map([[connection.name, connection]]),
    byId: new Map([[connection.id, connection]]),
    suspended: new Set(),
    unreadable: [],
  };
}

/** The token of identity NAME is `token-NAME` with anything behind it: real ones are about this long. */
export const TOKEN = `token-agent ${"x".repeat(1180)}`;

/** The identity of a name, as it is recorded. */
export function identityId(name: string): string {
  return name.toUpperCase().padEnd(26, "0");
}

export function factsOf(name: string, { groups, groupsOf }: Pick<Settings, "groups" | "groupsOf">): BindingFacts {
  return { subject: name, clientId: name, email: null, groups: [...groups, ...(groupsOf[name] ?? [])] };
}

function grantOf(token: string, settings: Settings): LoginGrant {
  const name = /^token-([a-z]+(?:-[a-z]+)*)/.exec(token)?.[1];
  if (name === undefined) {
    throw new SallyportError("LOGIN_REFUSED", "The access token is not valid: its signature does not match", {
      next: "Get a new token from the identity provider",
    });
  }
  const facts = factsOf(name, settings);
  if (
    settings.bindsByName &&
    !binds(
      settings.policies.flatMap((one) => one.identities),
      facts,
    )
  ) {
    throw new SallyportError("LOGIN_REFUSED", "No policy lets this identity use the connection");
  }
  return {
    identity: { id: identityId(name), name },
    facts: { ...facts, upstreamKey: "test" },
    connection: {
      id: CONNECTION_ID,
      name: "shop",
      schema: settings.schema,
      limits: settings.limits,
      recording: settings.recording,
      upstream: settings.upstream,
      restricted: settings.restricted === null ? null : { ...settings.upstream, ...settings.restricted },
    },
    tokenExpiresAt: settings.tokenExpiresAt,
  };
}

/** A listener on the run's MariaDB, with an in-memory recorder that keeps everything. */
export async function startGateway(changes: Partial<Settings> = {}): Promise<GatewayUnderTest> {
  const server = testServer();
  const settings: Settings = {
    upstream: { ...server, tls: "disabled", ca: null },
    restricted: null,
    schema: null,
    limits: {},
    recording: recordingSettings.parse({}),
    tokenExpiresAt: new Date(Date.now() + 3_600_000),
    accepts: true,
    keepsRefusals: true,
    writes: true,
    killElsewhere: async () => false,
    login: null,
    cellMask: null,
    masks: [],
    groups: [],
    groupsOf: {},
    changeRuling: (ruling) => ruling,
    policies: [ALLOW_ALL],
    bindsByName: false,
    mode: "enforce",
    approvals: approvalSettings.parse({ hold_seconds: 0 }),
    approvalStore: {
      take: async () => null,
      request: async () => newId(),
      addFindings: async () => false,
      poll: async () => [],
      clientsGone: async () => [],
      sessionKilled: async () => [],
      expire: async () => [],
    },
    usageStore: {
      add: async () => undefined,
      read: async () => [],
      history: async () => ({ firstAt: null, templates: [] }),
      templateRuns: async () => [],
      removeBefore: async () => undefined,
    },
    now: Date.now,
    ...changes,
  };
  const observed = nothingObserved();
  const registry = new SessionRegistry();
  const dataDir = mkdtempSync(join(tmpdir(), "sallyport-wire-"));
  await ensureTls(dataDir);
  const files = tlsFiles(dataDir);
  const tokens = tokensByConnection(Buffer.alloc(32, 7));
  const cellMasks = cellMasksBy(tokens);
  const log = pino({ level: "silent" });
  const store: ApprovalStore = {
    take: (...args) => settings.approvalStore.take(...args),
    request: (...args) => settings.approvalStore.request(...args),
    addFindings: (...args) => settings.approvalStore.addFindings(...args),
    poll: (...args) => settings.approvalStore.poll(...args),
    clientsGone: (...args) => settings.approvalStore.clientsGone(...args),
    sessionKilled: (...args) => settings.approvalStore.sessionKilled(...args),
    expire: () => settings.approvalStore.expire(),
  };
  const deciding = createDeciding({
    snapshot: () => snapshotOf(settings),
    approvals: store,
    usageStore: {
      add: (...args) => settings.usageStore.add(...args),
      read: (...args) => settings.usageStore.read(...args),
      history: (...args) => settings.usageStore.history(...args),
      templateRuns: (...args) => settings.usageStore.templateRuns(...args),
      removeBefore: (...args) => settings.usageStore.removeBefore(...args),
    },
    recorder: {
      audit: (row) => observed.audits.push(row),
      template: (facts) => observed.templates.push(facts),
    },
    tokens,
    // Many tests name what is not there: none of them has to wait a second for the gateway to look again.
    askedPauseMs: 50,
    consoleUrl: "https://console.example",
    log,
    now: () => settings.now(),
  });
  const { decisions, catalogues, holds, usage } = deciding;
  /** As the policy feed does after a change. */
  const publish = () => {
    decisions.swapped();
    catalogues.sync(cataloguedConnections(snapshotOf(settings), () => settings.upstream.password));
  };
  publish();
  const turn = new Turn({ write: () => settings.writes, sync: null });
  const ports: GatewayPorts = {
    gate: (grant, sessionId, program) => changedGate(decisions.gate(grant, sessionId, program), settings),
    cellMasks: (id) => settings.cellMask ?? cellMasks(id),
    login: async (connection, token, client) => {
      const grant = (await settings.login?.(connection, token, client)) ?? grantOf(token, settings);
      await usage.enter(grant);
      return grant;
    },
    killElsewhere: (...args) => settings.killElsewhere(...args),
    recorder: observingRecorder(observed, turn, settings),
  };
  const accept = { ports, registry, log, turn };
  const listener = createListener({
    ...accept,
    tls: { cert: readFileSync(files.chain, "utf8"), key: readFileSync(files.key, "utf8") },
    host: "127.0.0.1",
    port: 0,
  });
  const port = await listener.listen();
  return {
    port,
    ca: readFileSync(files.ca, "utf8"),
    caFile: files.ca,
    registry,
    listener,
    observed,
    settings,
    catalogues,
    holds,
    usage,
    accept,
    snapshot: () => snapshotOf(settings),
    tokens,
    publish,
    close: async () => {
      await holds.stop();
      await deciding.stop();
      await listener.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** For mysql2 and mariadb: the agent's login with the gateway's certificate verified. */
export function clientOptions(gateway: GatewayUnderTest, token: string = TOKEN) {
  return { host: "127.0.0.1", port: gateway.port, user: "shop", password: token, ssl: { ca: gateway.ca } };
}
