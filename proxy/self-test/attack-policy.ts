import { desc } from "drizzle-orm";
import { type AnalysisTask, type AnalysisTools, type Analyst, analyst } from "@/lib/analyses/analyst";
import { recordAudit } from "@/lib/audit/record";
import { snapshotHash } from "@/lib/catalogue/read";
import type { Db } from "@/lib/db/client";
import { revisions } from "@/lib/db/schema";
import { SallyportError } from "@/lib/errors/error";
import type { TokenKeys } from "@/lib/masking/cell";
import { factsOf } from "@/lib/policy/asked-identity";
import { type BindingFacts, binds } from "@/lib/policy/binding";
import type { GatewaySnapshot, SnapshotConnection } from "@/lib/policy/snapshot";
import { policiesFor } from "@/lib/policy/stored-policy";
import { understand } from "@/lib/policy/understand";
import { contextOf } from "@/lib/self-test/foresee";
import { markedIdentity } from "@/lib/self-test/marked-identity";
import { type SelfTestInput, type SelfTestResult, selfTestInput } from "@/lib/self-test/model";
import { isPureRead } from "@/lib/self-test/pure-read";
import { countsOf, familiesOf, scoreOf } from "@/lib/self-test/score";
import { attackedWorld } from "@/lib/self-test/world";
import type { Catalogues } from "../catalogue/catalogues";
import type { AcceptParts } from "../session/accept";
import type { LoginGrant } from "../session/ports";
import { openDoor } from "./door";
import { runSuite } from "./run-suite";

export interface SelfTestParts {
  /** What the gateway's sessions are made of. */
  readonly accept: Pick<AcceptParts, "ports" | "registry" | "log" | "turn">;
  /** Of this gateway's own: see `openDoor`. */
  readonly folder: string;
  readonly gateway: { readonly id: string; readonly name: string; readonly version: string };
  readonly snapshot: () => GatewaySnapshot | null;
  readonly catalogues: Pick<Catalogues, "current" | "ready">;
  readonly tokens: (connectionId: string) => TokenKeys;
  /** The login of an identity without a token. */
  readonly grant: (
    identity: LoginGrant["identity"],
    connection: SnapshotConnection,
    facts: BindingFacts & { readonly expiresAt: Date },
  ) => LoginGrant;
}

/** A run that takes longer is given up by its session's own end. */
const LONGEST_RUN_MS = 30 * 60_000;
/** What one statement may take, whatever the connection allows. */
const MOST = { rows: 1000, seconds: 5, bytes: 4 * 1024 * 1024 } as const;

/** The long work of kind self_test: a gateway does it, as only gateways know the database's password. */
export function selfTestAnalyst(parts: SelfTestParts): Analyst {
  return analyst("self_test", selfTestInput, (db, input, tools, task) => attackPolicy(db, input, tools, task, parts));
}

async function attackPolicy(
  db: Db,
  input: SelfTestInput,
  tools: AnalysisTools,
  task: AnalysisTask,
  parts: SelfTestParts,
): Promise<SelfTestResult> {
  const startedAt = new Date();
  tools.progress(0, "Reads the configuration");
  const connection = connectionOf(input.connection, parts);
  const facts = input.identity === undefined ? firstBinding(connection) : await factsOf(db, input.identity);
  checkBound(connection, facts);
  const identity = await markedIdentity(db, connection);
  await parts.catalogues.ready(connection.id);
  const catalogue = parts.catalogues.current(connection.id)?.catalogue;
  if (catalogue === undefined) {
    throw new SallyportError("UNAVAILABLE", `The schema of ${connection.name} is not known yet`, {
      next: "Test the connection, then run the self-test again",
    });
  }
  const policies = policiesFor(connection.policies, facts);
  const { masks, schema, mode } = connection;
  const world = attackedWorld({ catalogue, masks, policies, identity: facts, schema, mode });
  const expiresAt = new Date(startedAt.getTime() + LONGEST_RUN_MS);
  /** As things stand now: a suspension, a changed binding and a deleted connection refuse the next login. */
  const grant = (): LoginGrant => {
    const now = connectionOf(input.connection, parts);
    checkBound(now, facts);
    if (identity.suspended || parts.snapshot()?.suspended.has(identity.id) === true) {
      throw new SallyportError("LOGIN_REFUSED", `The identity ${identity.name} is suspended`, {
        next: "Reactivate it under Identities",
      });
    }
    return within(parts.grant({ id: identity.id, name: identity.name }, now, { ...facts, expiresAt }));
  };
  const main = grant();
  const statements: { last: string | null } = { last: null };
  const door = await openDoor({
    folder: parts.folder,
    accept: parts.accept,
    grant,
    isPureRead: (text, current) => {
      const latest = parts.catalogues.current(connection.id)?.catalogue ?? catalogue;
      const understood = understand(text, contextOf({ catalogue: latest, schema: current }));
      return understood.ok && isPureRead(understood);
    },
    onStatement: (id) => {
      statements.last = id;
    },
  });
  try {
    const { attacks, leftOut } = await runSuite({
      world,
      door,
      target: main.connection.upstream,
      user: connection.name,
      tokens: parts.tokens(connection.id),
      statements,
      tools,
    });
    tools.signal.throwIfAborted();
    const result: SelfTestResult = {
      version: 1,
      connection: { name: connection.name, mode },
      identity: { clientId: facts.clientId, subject: facts.subject, groups: facts.groups, email: facts.email },
      policies: policies.map((one) => one.name),
      sentAs: { id: identity.id, name: identity.name },
      startedBy: task.startedBy,
      revision: await newestRevision(db),
      catalogueHash: snapshotHash(catalogue.snapshot),
      gateway: { id: parts.gateway.id, version: parts.gateway.version },
      startedAt: startedAt.toISOString(),
      endedAt: new Date().toISOString(),
      score: scoreOf(attacks),
      counts: countsOf(attacks),
      families: familiesOf(attacks),
      leftOut,
      attacks,
    };
    await recordFinished(db, result, task, parts);
    return result;
  } finally {
    await door.close();
  }
}

function connectionOf(name: string, { snapshot }: SelfTestParts): SnapshotConnection {
  const connection = snapshot()?.byName.get(name);
  if (connection === undefined) {
    throw new SallyportError("NOT_FOUND", `There is no connection ${name}`, {
      next: "Look at the list of connections",
    });
  }
  return connection;
}

/** Facts that the first binding of the first policy matches. */
function firstBinding({ name, bindings }: SnapshotConnection): BindingFacts {
  const [first] = bindings;
  if (first === undefined) {
    throw new SallyportError("INVALID_INPUT", `No policy binds anybody to ${name}`, {
      next: "Make a policy first: without one nobody can log in, so there is nothing to attack",
    });
  }
  const nobody: BindingFacts = { clientId: null, subject: "", groups: [], email: null };
  if ("client_id" in first) return { ...nobody, clientId: first.client_id };
  if ("subject" in first) return { ...nobody, subject: first.subject };
  if ("group" in first) return { ...nobody, groups: [first.group] };
  return { ...nobody, email: first.email };
}

function checkBound({ name, bindings }: SnapshotConnection, facts: BindingFacts): void {
  if (binds(bindings, facts)) return;
  throw new SallyportError("INVALID_INPUT", `No policy binds this identity to ${name}, so it can not log in`, {
    next: "Choose one that a policy binds",
  });
}

/** The same login with limits that a test needs no more than. */
function within(grant: LoginGrant): LoginGrant {
  const { limits } = grant.connection;
  return {
    ...grant,
    connection: {
      ...grant.connection,
      limits: {
        ...limits,
        max_rows: Math.min(limits.max_rows ?? MOST.rows, MOST.rows),
        max_seconds: Math.min(limits.max_seconds ?? MOST.seconds, MOST.seconds),
        max_result_bytes: Math.min(limits.max_result_bytes ?? MOST.bytes, MOST.bytes),
      },
    },
  };
}

async function newestRevision(db: Db): Promise<number | null> {
  const [row] = await db.select({ number: revisions.number }).from(revisions).orderBy(desc(revisions.number)).limit(1);
  return row?.number ?? null;
}

async function recordFinished(
  db: Db,
  { connection, score, counts, revision, catalogueHash, identity, sentAs }: SelfTestResult,
  { id, startedBy }: AnalysisTask,
  { gateway }: SelfTestParts,
): Promise<void> {
  await recordAudit(
    db,
    { kind: "system", name: gateway.name },
    {
      action: "self_test.finished",
      object: { kind: "analysis", id, name: "self_test" },
      connectionName: connection.name,
      detail: { score, ...counts, revision, catalogueHash, startedBy, identity, sentAs: sentAs.name },
    },
  );
}
