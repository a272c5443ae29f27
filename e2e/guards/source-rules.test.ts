import { describe, expect, it } from "vitest";
import { codeOnly, type SourceFile, sourceFiles } from "./source-tree";

const product = sourceFiles(
  "app",
  "components",
  "lib",
  "proxy",
  "proxy.ts",
  "instrumentation.ts",
  "instrumentation.node.ts",
);
const pathsOf = (found: readonly SourceFile[]) => found.map((file) => file.path);

/**
 * Files of lib that write to the store and leave the audit event to the verb that calls them, each with its reason.
 * Everything else that writes must record one itself.
 */
const WRITES_WITHOUT_EVENT: Readonly<Record<string, string>> = {
  "lib/analyses/forget-old.ts": "results that hold for a day, removed after a week; nobody decided anything",
  "lib/analyses/run-due.ts": "how far long work is; who started and cancelled it is recorded with that",
  "lib/approvals/add-findings.ts": "what a gateway found out about a request; nobody decided anything",
  "lib/approvals/cast-vote.ts": "part of approve and deny, which record the event",
  "lib/approvals/look-at.ts": "who looks at a request right now; gone after an hour",
  "lib/approvals/reviewing.ts": "takes the row for a decision; the decision records the event",
  "lib/audit/record.ts": "is the audit trail",
  "lib/chain/append.ts": "proves the events that are written with it",
  "lib/auth/console-session.ts": "rows of sessions; sign-in and sign-out record the event in the same transaction",
  "lib/catalogue/store.ts": "what gateways read of the upstreams, over and over; nobody decided anything",
  "lib/findings/save-findings.ts": "what gateways found in the upstreams' columns; nobody decided anything",
  "lib/findings/scan-state.ts": "how far a gateway has looked at columns; nobody decided anything",
  "lib/identities/upsert.ts": "notes that someone was seen; the login that calls it records the event",
  "lib/notifications/attempt.ts": "the delivery log is the record of a message; the event it tells of has its own",
  "lib/notifications/enqueue.ts": "the outbox; part of the change that it tells of, which records the event",
  "lib/streams/send-due.ts": "how far a stream is; the events that it sends are the record",
  "lib/streams/skip-to-now.ts": "where a new stream begins; part of the verb that makes it, which records the event",
  "lib/policy/bump-feed.ts": "a counter that wakes gateways; part of the verb that changed something",
  "lib/policy/apply/write-changes.ts": "the writes of `apply`; apply records one event per change",
};

/** Verbs that publish and ask for no words, each with its reason. Everything else that publishes must let its change be confirmed. */
const PUBLISHES_UNASKED: Readonly<Record<string, string>> = {
  "lib/connections/create-connection.ts": "nobody is bound to a new connection",
  "lib/connections/remove-connection.ts": "takes everything away; its name is typed for it",
  "lib/connections/rotate-credential.ts": "changes no decision",
  "lib/policy/apply/apply.ts": "shows its own differences first",
  "lib/policy/publish-revision.ts": "is what the verbs call",
};

describe("the source", () => {
  it("reads process.env in lib/config/env.ts only", () => {
    // NEXT_RUNTIME is no setting: Next replaces it while it builds, and only where it stands literally.
    const found = product.filter((file) => /process\.env(?!\.NEXT_RUNTIME\b)/.test(codeOnly(file.text)));
    expect(pathsOf(found)).toEqual(["lib/config/env.ts"]);
  });

  it("makes no relational queries: MariaDB lacks the LATERAL joins they emit", () => {
    expect(pathsOf(product.filter((file) => /\b(?:db|tx)\.query\./.test(codeOnly(file.text))))).toEqual([]);
  });

  it("puts no HTML in by hand", () => {
    expect(
      pathsOf(product.filter((file) => /dangerouslySetInnerHTML|\.innerHTML\b/.test(codeOnly(file.text)))),
    ).toEqual([]);
  });

  it("gives no secret a default", () => {
    const env = product.find((file) => file.path === "lib/config/env.ts")?.text ?? "";
    const lines = env.split("\n").filter((line) => /(SECRET|MASTER_KEY|PASSWORD|DATABASE_URL)\b.*:/.test(line));
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.filter((line) => /\.(?:default|prefault|catch|optional)\(/.test(line))).toEqual([]);
  });

  it("records an audit event wherever a verb writes to the store", () => {
    const writers = product.filter(
      (file) =>
        file.path.startsWith("lib/") && /\b(?:db|tx|\))\s*\.(?:insert|update|delete)\(\w/.test(codeOnly(file.text)),
    );
    const silent = writers.filter((file) => !/\b(?:recordAudit|auditRow|publishRevision)\(/.test(file.text));
    expect(pathsOf(silent).filter((path) => !Object.hasOwn(WRITES_WITHOUT_EVENT, path))).toEqual([]);
  });

  it("lets whatever a verb publishes be confirmed in words where it gives somebody more", () => {
    const publish = product.filter((file) => /\bpublishRevision\(/.test(codeOnly(file.text)));
    const unasked = publish.filter((file) => !/\bawait confirm(?:Change|Masks)\(/.test(codeOnly(file.text)));
    expect(pathsOf(unasked).toSorted()).toEqual(Object.keys(PUBLISHES_UNASKED));
  });

  it("writes to the store in lib and in the gateway's recorder and feed, never in pages and components", () => {
    const found = product.filter(
      (file) =>
        /^(app|components)\//.test(file.path) &&
        /\b(?:db|tx)\s*\.(?:insert|update|delete|execute)\(/.test(codeOnly(file.text)),
    );
    expect(pathsOf(found)).toEqual([]);
  });

  it("excepts only files that still write", () => {
    const existing = new Set(product.map((file) => file.path));
    expect(Object.keys(WRITES_WITHOUT_EVENT).filter((path) => !existing.has(path))).toEqual([]);
  });
});
