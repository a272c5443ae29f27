import type { Socket } from "node:net";
import type { SecureContext } from "node:tls";
import type { Logger } from "pino";
import { type AuditInput, auditRow } from "@/lib/audit/record";
import { SallyportError } from "@/lib/errors/error";
import { mysqlError } from "@/lib/errors/mysql";
import { newId } from "@/lib/ids";
import { CAPABILITY } from "../protocol/constants";
import { writeErr } from "../protocol/err-packet";
import { writeFrame } from "../protocol/frame";
import type { HandshakeResponse } from "../protocol/handshake-response";
import { MalformedPacket } from "../protocol/malformed";
import { simpleOk } from "../protocol/ok-packet";
import { LoginAborted, LoginChannel } from "../socket/login-channel";
import type { Turn } from "../socket/turn";
import { Wire } from "../socket/wire";
import { connectUpstream, type Upstream } from "../upstream/connect";
import { OwnQueries } from "../upstream/own-queries";
import { type PinnedState, pinSession } from "../upstream/pin-session";
import { MAX_LOGIN_PACKET, type PresentedLogin, readClientLogin } from "./client-login";
import { clientProgram } from "./client-program";
import type { SessionFacts, StatementGate } from "./gate";
import { tooManySessions } from "./limits";
import { type ClientFacts, type GatewayPorts, IdentifiedRefusal, type LoginGrant, type UpstreamTarget } from "./ports";
import type { EndReason, SessionRegistry } from "./registry";
import { Session } from "./session";
import type { SessionTotals } from "./session-parts";
import { SessionState } from "./session-state";

export interface AcceptParts {
  readonly ports: GatewayPorts;
  readonly registry: SessionRegistry;
  readonly log: Logger;
  readonly tls: SecureContext;
  /** Takes tokens without TLS: benchmarks. */
  readonly plain: boolean;
  /** Holds what the wires of sessions are given until its records are safe; null where nothing is recorded that must be. */
  readonly turn: Turn | null;
  readonly now: () => number;
  /** What is recorded as the client's address where its socket has none. */
  readonly address?: string;
}

/** From the greeting to the token, and from the token to the upstream's OK. */
const LOGIN_TIMEOUT_MS = 15_000;

/** Takes one accepted socket through its login to a session. Never rejects. */
export async function acceptClient(socket: Socket, parts: AcceptParts): Promise<void> {
  const { registry, log, turn } = parts;
  const wireId = registry.reserveWireId();
  registry.metrics.accepted += 1;
  const address = socket.remoteAddress ?? parts.address ?? "unknown";
  const channel = new LoginChannel((handler) => new Wire(socket, handler, false), MAX_LOGIN_PACKET);
  const deadline = setTimeout(() => channel.wire.destroy(), LOGIN_TIMEOUT_MS);
  let response: HandshakeResponse | null = null;
  try {
    const presented = await readClientLogin(channel, wireId, parts, (seen) => {
      response = seen;
    });
    if (turn !== null) channel.wire.join(turn);
    await startSession(channel, wireId, address, presented, parts);
  } catch (error) {
    registry.releaseWireId(wireId);
    if (turn !== null) channel.wire.join(turn);
    refuse(channel, address, response, error, parts);
  } finally {
    clearTimeout(deadline);
  }
  log.debug({ wireId, address }, "login over");
}

async function startSession(
  channel: LoginChannel,
  wireId: number,
  address: string,
  presented: PresentedLogin,
  parts: AcceptParts,
): Promise<void> {
  const { ports, registry, now } = parts;
  const { response } = presented;
  const facts: ClientFacts = {
    address,
    program: clientProgram(response.attributes),
    authMethod: presented.authMethod,
    tlsVersion: presented.tlsVersion,
  };
  const grant = await ports.login(response.user, presented.token, facts);
  const { connection, identity } = grant;
  const checkRoom = () => {
    if (registry.countOf(connection.id) >= (connection.limits.max_sessions ?? Number.POSITIVE_INFINITY)) {
      throw tooManySessions(connection);
    }
  };
  checkRoom();
  const connect = async (target: UpstreamTarget, schema: string | null) => {
    const { collation } = response;
    const connected = await connectUpstream({ target, schema, collation, capabilities: presented.capabilities });
    if (parts.turn !== null) connected.wire.join(parts.turn);
    return connected;
  };
  const upstream = await connect(connection.restricted ?? connection.upstream, response.database ?? connection.schema);
  const id = newId();
  const gate = ports.gate(grant, id, facts.program);
  let pinned: PinnedState;
  try {
    pinned = await pin(upstream);
    if (response.database !== null && response.database !== connection.schema) {
      await checkSchema(gate, response.database, new SessionState(pinned, upstream.serverVersion).facts, now());
    }
    // Others may have logged in while the upstream answered.
    checkRoom();
    if (channel.wire.gone) {
      throw new LoginAborted();
    }
  } catch (error) {
    upstream.wire.destroy();
    throw error;
  }
  const session = new Session({
    id,
    wireId,
    client: channel.wire,
    clientCapabilities: presented.capabilities,
    mayCompress: (response.capabilities & CAPABILITY.COMPRESS) !== 0,
    upstream,
    openMain: (schema) => connect(connection.upstream, schema),
    pinned,
    gate,
    grant,
    rate: registry.rateOf(identity.id, connection.id, connection.limits.statements_per_minute, now()),
    ports,
    registry,
    now,
    audit: (input) => audit(parts, grant, facts.address, input),
    onEnd: (ended, reason, detail) => endSession(ended, reason, detail, grant, facts, parts),
  });
  registry.add(session);
  registry.metrics.logins += 1;
  ports.recorder.sessionStarted({
    id,
    identityId: identity.id,
    connectionId: connection.id,
    connectionName: connection.name,
    wireId,
    clientAddress: facts.address,
    clientProgram: facts.program,
    authMethod: facts.authMethod,
    tlsVersion: facts.tlsVersion,
    tokenExpiresAt: grant.tokenExpiresAt,
    startedAt: new Date(session.startedAt),
    recordedResults: connection.recording.results,
  });
  audit(parts, grant, facts.address, { action: "login.accepted", detail: { session: id, program: facts.program } });
  channel.send(simpleOk(upstream.status & 0xffff & ~0x4000));
  session.begin(channel.takeLeft());
}

/** Brings the upstream session into its state. Rejects with UNAVAILABLE. */
async function pin(upstream: Upstream): Promise<PinnedState> {
  if ((upstream.capabilities & CAPABILITY.SESSION_TRACK) === 0) {
    throw new SallyportError("UNAVAILABLE", "The upstream does not tell of changes to its sessions", {
      next: "Ask an admin: MySQL 5.7 and MariaDB 10.2 or later are supported",
    });
  }
  const timer = setTimeout(() => upstream.wire.destroy(), LOGIN_TIMEOUT_MS);
  try {
    return await pinSession(new OwnQueries(upstream.wire, upstream.capabilities));
  } catch (cause) {
    if (cause instanceof SallyportError) {
      throw cause;
    }
    throw new SallyportError("UNAVAILABLE", "The upstream does not let the gateway prepare a session", {
      next: "Ask an admin to test the connection in the console",
      cause,
    });
  } finally {
    clearTimeout(timer);
  }
}

/** The schema that a client logs in with is decided on like USE. */
async function checkSchema(gate: StatementGate, schema: string, session: SessionFacts, at: number): Promise<void> {
  const ruling = await gate.enterSchema(schema, { id: newId(), at, schema: null, session });
  if (ruling.kind === "refuse") {
    throw new SallyportError("LOGIN_REFUSED", `The login asks for the schema ${schema}: ${ruling.error.message}`, {
      next: "Log in with another default schema, or with none",
    });
  }
}

function endSession(
  session: SessionTotals,
  reason: EndReason,
  detail: string | null,
  grant: LoginGrant,
  facts: ClientFacts,
  parts: AcceptParts,
): void {
  const { registry, ports } = parts;
  registry.remove(session);
  registry.releaseWireId(session.wireId);
  const { id, statementCount, errorCount, unrecordedCount, bytes } = session;
  const totals = { statementCount, errorCount, bytesIn: bytes.in, bytesOut: bytes.out };
  ports.recorder.sessionEnded({ id, endedAt: new Date(parts.now()), reason, ...totals });
  audit(parts, grant, facts.address, {
    action: "session.ended",
    result: reason === "state_mismatch" ? "failed" : "ok",
    ...(detail === null ? {} : { message: detail }),
    detail: { session: id, reason, ...totals, ...(unrecordedCount === 0 ? {} : { unrecordedCount }) },
  });
}

function audit(parts: AcceptParts, grant: LoginGrant, address: string, input: AuditInput): void {
  const actor = { kind: "machine", id: grant.identity.id, name: grant.identity.name, address } as const;
  parts.ports.recorder.audit(
    auditRow(actor, { connectionName: grant.connection.name, ...input }, new Date(parts.now())),
  );
}

/** Tells the client why, and writes it down once the client has shown a user name; a bare TCP health check leaves nothing. */
function refuse(
  channel: LoginChannel,
  address: string,
  response: HandshakeResponse | null,
  error: unknown,
  parts: AcceptParts,
): void {
  const { log, registry, ports } = parts;
  if (error instanceof LoginAborted) {
    channel.wire.destroy();
    return;
  }
  const shown = explainRefusal(error);
  if (!(error instanceof SallyportError) && !(error instanceof MalformedPacket)) {
    log.error({ err: error, address }, "login failed");
  } else {
    log.debug({ err: error, address, code: shown.code }, "login refused");
  }
  registry.metrics.countRefusal(shown.code);
  let event: string | undefined;
  if (response !== null) {
    const identity = error instanceof IdentifiedRefusal ? error.identity : { id: "", name: "unidentified client" };
    const row = auditRow(
      { kind: "machine", ...identity, address },
      {
        action: "login.refused",
        result: shown.code === "UNAVAILABLE" ? "failed" : "refused",
        connectionName: response.user.slice(0, 32),
        code: shown.code,
        message: shown.message,
        detail: { program: clientProgram(response.attributes), next: shown.next },
      },
      new Date(parts.now()),
    );
    event = row.id;
    ports.recorder.audit({ ...row, actorId: identity.id === "" ? null : identity.id });
  }
  const payload = writeErr(mysqlError(shown, event === undefined ? {} : { event }));
  channel.wire.end(writeFrame(payload, channel.sequence));
}

function explainRefusal(error: unknown): SallyportError {
  if (error instanceof SallyportError) {
    return error;
  }
  if (error instanceof MalformedPacket) {
    return new SallyportError("LOGIN_REFUSED", `The login is not readable: ${error.message}`, {
      next: "Check the client; a token may have up to 64 KiB",
    });
  }
  return new SallyportError("UNAVAILABLE", "The gateway could not complete the login", { next: "Try again" });
}
