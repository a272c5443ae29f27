import type { Socket } from "node:net";
import type { Connection } from "mysql2/promise";
import { awaitGreeting, dial, startTls, TCP_MS } from "./dial";
import { judgeVersion } from "./flavour";
import { login, REFUSED_HOST, REFUSED_HOST_REMEDY, rowsOf, type TestTarget } from "./login";
import { privilegeWarnings } from "./privileges";
import { resolveHost } from "./resolve";
import { type Finding, StepFailure, type StepResult, TEST_STEPS, type TestStep } from "./steps";
import { judgeNoTls, judgeTls } from "./tls-verdict";

const LATENCY_ROUNDS = 5;

/** What the steps hand to each other. */
interface Progress {
  address: string;
  socket: Socket | null;
  offersTls: boolean;
  connection: Connection | null;
}

type Work = (target: TestTarget, progress: Progress) => Promise<Finding>;

const STEPS: Readonly<Record<TestStep, Work>> = {
  dns: async (target, progress) => {
    const { address, all } = await resolveHost(target.host);
    progress.address = address;
    return {
      status: "ok",
      summary: address === target.host ? "An IP address: nothing to look up." : `${target.host} is ${all.join(", ")}.`,
    };
  },
  tcp: async (target, progress) => {
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
  },
  tls: async (target, progress) => {
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
  },
  login: async (target, progress) => {
    progress.socket?.destroy();
    progress.connection = await login(target, progress.address, progress.offersTls);
    const where = target.schema === null ? "" : ` with default schema ${target.schema}`;
    return { status: "ok", summary: `Logged in as ${target.user}${where}.` };
  },
  version: async (_, progress) => {
    const [row] = await ask(progress, "SELECT VERSION(), @@version_comment");
    return judgeVersion(String(row?.[0] ?? "").slice(0, 80), String(row?.[1] ?? "").slice(0, 80));
  },
  privileges: async (_, progress) => {
    const [who] = await ask(progress, "SELECT CURRENT_USER()");
    const grants = await ask(progress, "SHOW GRANTS");
    const account = quoteAccount(String(who?.[0] ?? ""));
    const notes = privilegeWarnings(
      grants.map((row) => String(row[0])),
      account,
    );
    return notes.length === 0
      ? { status: "ok", summary: `${account} has no privilege that agents should not have.` }
      : {
          status: "warning",
          summary: `${account} may do more, or less, than agents need.`,
          remedy: "The gateway guards every statement, but an account with few privileges is the second wall.",
          notes,
        };
  },
  latency: async (_, progress) => {
    const times: number[] = [];
    for (let round = 0; round < LATENCY_ROUNDS; round++) {
      const start = performance.now();
      await ask(progress, "SELECT 1");
      times.push(performance.now() - start);
    }
    const latencyMs = Math.round((times.sort((a, b) => a - b)[Math.floor(LATENCY_ROUNDS / 2)] ?? 0) * 100) / 100;
    return {
      status: "ok",
      summary: `${latencyMs} ms for one statement and back (median of ${LATENCY_ROUNDS}).`,
      latencyMs,
    };
  },
};

/**
 * Tests a target step by step, giving each result as soon as it is there. After a failure the remaining steps are given as skipped.
 * Never throws for what the other side does; leaving the loop closes everything.
 */
export async function* runTest(target: TestTarget): AsyncGenerator<StepResult, void, undefined> {
  const progress: Progress = { address: "", socket: null, offersTls: false, connection: null };
  let failed = false;
  try {
    for (const step of TEST_STEPS) {
      const result: StepResult = failed
        ? { ...BLANK, step, status: "skipped", summary: "Not tried: an earlier step failed." }
        : await timed(step, () => STEPS[step](target, progress));
      failed ||= result.status === "failed";
      yield result;
    }
  } finally {
    progress.socket?.destroy();
    progress.connection?.destroy();
  }
}

const BLANK = { remedy: null, notes: [], certificate: null, latencyMs: null, durationMs: 0 } as const;

async function timed(step: TestStep, work: () => Promise<Finding>): Promise<StepResult> {
  const start = performance.now();
  const finding = await work().catch((error: unknown): Finding => {
    if (error instanceof StepFailure) {
      return { status: "failed", summary: error.message, remedy: error.remedy, certificate: error.certificate };
    }
    return {
      status: "failed",
      summary: "The connection was lost in the middle of the test.",
      remedy: "Try again; if it stays so, look at the server's error log at this moment.",
    };
  });
  return { ...BLANK, ...finding, step, durationMs: Math.round((performance.now() - start) * 10) / 10 };
}

function ask(progress: Progress, sql: string): Promise<unknown[][]> {
  if (progress.connection === null) {
    throw new Error("this step needs the login of the step before");
  }
  return rowsOf(progress.connection, sql);
}

/** `user@host` of CURRENT_USER() as an account in SQL. The user may hold an @, the host may not. */
function quoteAccount(account: string): string {
  const at = account.lastIndexOf("@");
  const quote = (text: string) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
  return `${quote(account.slice(0, at))}@${quote(account.slice(at + 1))}`;
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
