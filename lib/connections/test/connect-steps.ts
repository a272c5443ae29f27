import type { Socket } from "node:net";
import type { Connection } from "mysql2/promise";
import { awaitGreeting, dial, startTls, TCP_MS } from "./dial";
import { login, REFUSED_HOST, REFUSED_HOST_REMEDY, rowsOf, type TestTarget } from "./login";
import { resolveHost } from "./resolve";
import { type ConnectStep, type Finding, StepFailure } from "./steps";
import { judgeNoTls, judgeTls } from "./tls-verdict";

/** What the steps hand to each other. */
export interface Progress {
  address: string;
  socket: Socket | null;
  offersTls: boolean;
  connection: Connection | null;
}

export function newProgress(): Progress {
  return { address: "", socket: null, offersTls: false, connection: null };
}

/** Closes whatever is open; safe at any point. */
export function closeProgress(progress: Progress): void {
  progress.socket?.destroy();
  progress.connection?.destroy();
}

/** The steps up to the login, which every test begins with. */
export function connectSteps(target: TestTarget, progress: Progress): Record<ConnectStep, () => Promise<Finding>> {
  return {
    dns: () => findHost(target, progress),
    tcp: () => reachPort(target, progress),
    tls: () => encrypt(target, progress),
    login: () => logIn(target, progress),
  };
}

async function findHost(target: TestTarget, progress: Progress): Promise<Finding> {
  const { address, all } = await resolveHost(target.host);
  progress.address = address;
  return {
    status: "ok",
    summary: address === target.host ? "An IP address: nothing to look up." : `${target.host} is ${all.join(", ")}.`,
  };
}

async function reachPort(target: TestTarget, progress: Progress): Promise<Finding> {
  try {
    progress.socket = await dial(progress.address, target.port);
  } catch (error) {
    throw dialFailure(error, target.port);
  }
  const greeting = await awaitGreeting(progress.socket).catch(() => null);
  if (greeting === null || greeting.kind === "foreign") {
    throw new StepFailure(
      `Port ${target.port} is open, but what listens there does not speak MySQL.`,
      "Check the port: MySQL and MariaDB listen on 3306 unless told otherwise. MySQL's X protocol (33060) is another one.",
    );
  }
  if (greeting.kind === "refused") {
    throw new StepFailure(REFUSED_HOST(greeting.errno), REFUSED_HOST_REMEDY);
  }
  progress.offersTls = greeting.offersTls;
  return { status: "ok", summary: `${progress.address}:${target.port} answers as MySQL server ${greeting.version}.` };
}

async function encrypt(target: TestTarget, progress: Progress): Promise<Finding> {
  if (!progress.offersTls) {
    return judgeNoTls(target.tls);
  }
  if (target.tls === "disabled") {
    return {
      status: "warning",
      summary: "Not used: the mode is disabled, though the server offers TLS.",
      remedy: "Choose verify-full, or at least required: statements and results travel in clear.",
    };
  }
  if (progress.socket === null) {
    throw new Error("the TLS step needs the connection of the step before");
  }
  const facts = await startTls(progress.socket, target.host, target.ca).catch(() => {
    throw new StepFailure(
      "The server offers TLS, but the handshake failed.",
      "The server may allow only versions before TLS 1.2, which are not safe: enable TLS 1.2 or 1.3 there.",
    );
  });
  return judgeTls(target.tls, facts, target.ca !== null);
}

async function logIn(target: TestTarget, progress: Progress): Promise<Finding> {
  progress.socket?.destroy();
  progress.connection = await login(target, progress.address, progress.offersTls);
  const where = target.schema === null ? "" : ` with default schema ${target.schema}`;
  return { status: "ok", summary: `Logged in as ${target.user}${where}.` };
}

/** Asks on the connection that the login opened. */
export function ask(progress: Progress, sql: string): Promise<unknown[][]> {
  return rowsOf(loggedIn(progress), sql);
}

/** The connection that the login opened. */
export function loggedIn(progress: Progress): Connection {
  if (progress.connection === null) {
    throw new Error("this step needs the login of the step before");
  }
  return progress.connection;
}

function dialFailure(error: unknown, port: number): StepFailure {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  switch (code) {
    case "ECONNREFUSED":
      return new StepFailure(
        `Nothing listens on port ${port}: the connection was refused.`,
        "Check the port, that the server runs, and that its bind-address is not loopback only.",
      );
    case "EHOSTUNREACH":
    case "ENETUNREACH":
      return new StepFailure(
        "There is no route to this host.",
        "Check the address, and the network or VPN between this machine and the database.",
      );
    default:
      return new StepFailure(
        `No answer from port ${port} within ${TCP_MS / 1000} s.`,
        "A firewall or security group probably drops the packets: allow this machine's address to that port.",
      );
  }
}
