import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Logger } from "pino";
import type { Registry } from "prom-client";
import { createAccessTokenVerifier } from "@/lib/auth/access-token";
import { endProcessChain, startBeat } from "@/lib/chain/beat";
import { startProcessChain } from "@/lib/chain/process-chain";
import { type Env, spoolFolder } from "@/lib/config/env";
import { masterKey, openCredential, openRestrictedCredential } from "@/lib/connections/credential";
import { openStore } from "@/lib/db/client";
import { SallyportError } from "@/lib/errors/error";
import { newId } from "@/lib/ids";
import { tokensByConnection } from "@/lib/masking/tokens";
import type { Repeating } from "@/lib/repeat";
import { requestOwnKill } from "@/lib/sessions/request-kill";
import { approvalStore } from "./approvals/approval-store";
import { Expiry } from "./approvals/expiry";
import { usageStore } from "./budgets/usage-store";
import { cataloguedConnections } from "./catalogue/catalogued";
import { CatalogueStorage } from "./catalogue/store-catalogues";
import { createDeciding } from "./deciding";
import { createListener } from "./listener";
import { IdentityDirectory } from "./login/identity-directory";
import { createLogin, grantFor, openPassword } from "./login/login";
import { cellMasksBy } from "./masking/cell-masks";
import { MaskingScans } from "./masking-scan/masking-scans";
import { LiveSessions } from "./ops/live-sessions";
import { createMetrics } from "./ops/metrics";
import { Presence } from "./ops/presence";
import { type Readiness, readinessOf } from "./ops/readiness";
import { watchSpool } from "./ops/spool-watch";
import { StatementCounts } from "./ops/statement-counts";
import { runKillRequests } from "./policy-feed/kill-requests";
import { PolicyFeed } from "./policy-feed/policy-feed";
import { Revoker } from "./policy-feed/revoke";
import { ShipperThread } from "./recorder/shipper/shipper-thread";
import { openSpool } from "./recorder/spool/open-spool";
import { SpoolRecorder } from "./recorder/spool-recorder";
import { serveSelfTests } from "./self-test/serve-self-tests";
import type { GatewayPorts } from "./session/ports";
import { SessionRegistry } from "./session/registry";
import { retryUntilAnswered } from "./store-wait";

const FLUSH_AT_END_MS = 10_000;
/** In the spool's folder: where sockets of self-tests are. */
const DOORS = "doors";

export interface GatewaySettings {
  readonly store: Env<"store">;
  readonly oidc: Env<"oidc">;
  readonly gateway: Env<"gateway">;
  readonly spool: Env<"spool">;
  readonly version: string;
  readonly log: Logger;
}

export interface Gateway {
  readonly id: string;
  readonly port: number;
  readonly metrics: Registry;
  readiness(): Readiness;
  /** Accepts no more logins, lets running statements finish for `graceMs`, brings the last records to the store and leaves; what is not there in time stays in the spool. */
  stop(graceMs: number): Promise<void>;
}

/** Assembles one gateway process and starts it. Waits for the store as long as `keepTrying` says so. */
export async function startGateway(settings: GatewaySettings, keepTrying: () => boolean): Promise<Gateway> {
  const { store: storeEnv, oidc, gateway: listenEnv, spool: spoolEnv, log, version } = settings;
  const tls = { cert: readPem("GATEWAY_TLS_CERT", listenEnv), key: readPem("GATEWAY_TLS_KEY", listenEnv) };
  const store = openStore(storeEnv.DATABASE_URL);
  const id = newId();
  const registry = new SessionRegistry();
  const statements = new StatementCounts();
  const root = resolve(spoolFolder(spoolEnv));
  const spool = openSpool(root, id, spoolEnv, log);
  const recorder = new SpoolRecorder(spool, (row) => statements.count(row));
  const verifier = createAccessTokenVerifier({
    issuer: oidc.OIDC_ISSUER,
    audience: oidc.OIDC_AUDIENCE,
    groupsClaim: oidc.OIDC_GROUPS_CLAIM,
  });
  const revoker = new Revoker((session, why) => log.info({ identity: session.identityId, why }, "session revoked"));
  const feed = new PolicyFeed({
    db: store.db,
    log,
    onPoll: async (snapshot, changed) => {
      if (changed) {
        decisions.swapped();
        const kept = cataloguedConnections(snapshot, (connection) => openPassword(connection, openCredential));
        scans.keep(new Set(kept.map((connection) => connection.id)));
        catalogues.sync(kept);
      }
      revoker.check(registry.sessions(), snapshot);
      if (changed) {
        await runKillRequests(
          store.db,
          id,
          (wireId) => registry.byWireId(wireId),
          (err) => log.warn({ err }, "a kill request could not be carried out"),
        );
      }
    },
  });
  const storage = new CatalogueStorage(store.db, log);
  const scans = new MaskingScans({ db: store.db, log });
  const tokens = tokensByConnection(masterKey().bytes);
  const cellMasks = cellMasksBy(tokens);
  const approvals = approvalStore(store.db, id);
  const deciding = createDeciding({
    snapshot: () => feed.snapshot,
    approvals,
    usageStore: usageStore(store.db),
    recorder,
    tokens,
    onCatalogue: (connection, refreshed) => {
      storage.note(connection, refreshed);
      scans.note(connection, refreshed);
    },
    consoleUrl: listenEnv.CONSOLE_URL,
    log,
    now: Date.now,
  });
  const { decisions, catalogues, holds, usage } = deciding;
  const login = createLogin({
    verifier,
    directory: new IdentityDirectory(store.db),
    snapshot: () => feed.snapshot,
    openCredential,
    openRestrictedCredential,
  });
  const ports: GatewayPorts = {
    gate: (grant, sessionId, clientProgram) => decisions.gate(grant, sessionId, clientProgram),
    login: async (...presented) => {
      const grant = await login(...presented);
      await usage.enter(grant);
      return grant;
    },
    killElsewhere: (identityId, wireId, statementOnly) =>
      requestOwnKill(
        { actor: { kind: "machine", id: identityId, name: "KILL", address: null }, requestId: newId(), db: store.db },
        identityId,
        wireId,
        statementOnly,
      ),
    cellMasks,
    recorder,
  };
  startProcessChain("gateway_direct", `gateway ${listenEnv.GATEWAY_HOST}:${listenEnv.GATEWAY_PORT}, beside its spool`);
  await retryUntilAnswered(() => feed.start(), log, keepTrying);
  verifier.warm().catch((err) => log.warn({ err }, "the identity provider does not answer yet"));

  const listener = createListener({
    ports,
    turn: spool.turn,
    registry,
    log,
    tls,
    plain: listenEnv.GATEWAY_BENCH_PLAIN !== undefined,
    host: listenEnv.GATEWAY_HOST,
    port: listenEnv.GATEWAY_PORT,
  });
  const address = `${listenEnv.GATEWAY_HOST}:${listenEnv.GATEWAY_PORT}`;
  const presence = new Presence({
    db: store.db,
    gatewayId: id,
    address,
    version,
    log,
    liveSessionIds: () => [...registry.sessions()].map((session) => session.id),
  });
  const live = new LiveSessions({ db: store.db, gatewayId: id, log, sessions: () => registry.sessions() });
  const expiry = new Expiry(approvals, log);
  const stopWatching = watchSpool(recorder, { kind: "system", name: `gateway ${address}` });
  let chain: Repeating | null = null;
  const leaving = new AbortController();
  let selfTests: Repeating | null = null;
  const leave = async () => {
    leaving.abort();
    await selfTests?.stop();
    await expiry.stop();
    await holds.stop();
    await feed.stop();
    await deciding.stop();
    await storage.settled();
    await scans.stop();
    stopWatching();
    // Every session's last records are written before: its shipper reads to the end and closes the chain.
    await spool.close();
    if (!(await shipper.close(FLUSH_AT_END_MS))) {
      log.error(
        { left: shipper.waitingRecords },
        "records are not in the store yet: the next gateway here brings them",
      );
    }
    await usage.stop();
    await live.stop().catch((err) => log.warn({ err }, "what runs here is still told of in the store"));
    await presence.stop().catch((err) => log.error({ err }, "the gateway's row could not be closed"));
    await chain?.stop();
    await endProcessChain(store.db).catch((err) => log.error({ err }, "the record's chain could not be closed"));
    await store.close().catch(() => undefined);
  };
  // The row comes first: sessions refer to it.
  await presence.start();
  chain = startBeat(store.db, (err) => log.warn({ err }, "the record's chain does not reach the store"));
  const shipper = new ShipperThread(
    {
      databaseUrl: storeEnv.DATABASE_URL,
      masterKey: masterKey().bytes,
      gatewayId: id,
      name: `gateway ${address}`,
      root,
      directory: spool.directory,
      position: spool.position.buffer,
      logLevel: log.level,
    },
    log,
  );
  // The first statements find room for their records.
  await spool.prepared();
  await live.clear();
  live.start();
  usage.start();
  const port = await listener.listen().catch(async (cause) => {
    await leave();
    throw new SallyportError("INVALID_CONFIG", `Cannot listen on ${listenEnv.GATEWAY_HOST}:${listenEnv.GATEWAY_PORT}`, {
      next: "Stop what uses that address, or set GATEWAY_HOST and GATEWAY_PORT to another",
      cause,
    });
  });
  selfTests = serveSelfTests(
    store.db,
    {
      accept: { ports, registry, log, turn: spool.turn },
      folder: join(root, DOORS),
      gateway: { id, name: `gateway ${address}`, version },
      snapshot: () => feed.snapshot,
      catalogues,
      tokens,
      grant: (identity, connection, facts) =>
        grantFor(identity, connection, facts, { openCredential, openRestrictedCredential }),
    },
    leaving.signal,
  );
  let listening = true;
  let draining = false;
  return {
    id,
    port,
    metrics: createMetrics({
      sessions: registry,
      statements,
      recorder,
      shipper,
      catalogues,
      holds,
      feed: () => ({ version: feed.snapshot?.version ?? null, ageMs: feed.age }),
    }),
    readiness: () =>
      readinessOf({
        listening,
        draining,
        storeAge: feed.age,
        snapshotVersion: feed.snapshot?.version ?? null,
        recorderAccepts: recorder.accepts(),
        recordsFailingMs: shipper.state.failingSince === null ? null : Date.now() - shipper.state.failingSince,
        cataloguesFailing: catalogues.failing,
      }),
    stop: async (graceMs) => {
      draining = true;
      // A self-test ends as stopped, rather than that its session is waited for.
      leaving.abort();
      await selfTests.stop();
      // Their clients are told to retry before their sessions end.
      holds.drain();
      await listener.drain(graceMs);
      listening = false;
      await leave();
    },
  };
}

function readPem(name: "GATEWAY_TLS_CERT" | "GATEWAY_TLS_KEY", environment: Env<"gateway">): string {
  const path = environment[name];
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new SallyportError("INVALID_CONFIG", `${name}: ${path} cannot be read`, {
      next: "Name a PEM file that the gateway may read",
      cause,
    });
  }
}
