import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { insertSession, statementRow } from "@/e2e/support/recorded";
import { createTestDatabase, type TestDatabase, testSigner } from "@/e2e/support/store";
import { createAccessTokenVerifier } from "@/lib/auth/access-token";
import { storeCatalogue } from "@/lib/catalogue/store";
import { signerFrom } from "@/lib/chain/signer";
import { openStore } from "@/lib/db/client";
import { auditEvents, connections, sessions, statements } from "@/lib/db/schema";
import { upsertIdentity } from "@/lib/identities/upsert";
import { newId } from "@/lib/ids";
import { SHOP } from "@/lib/sql/shop.fixture";
import { buildPrograms } from "@/scripts/build.mjs";
import { loadKeys } from "@/scripts/dev-idp/keys";
import { DEMO_CLIENTS } from "@/scripts/dev-idp/machine-clients";
import { type DevIdp, startDevIdp } from "@/scripts/dev-idp/server";
import { freePort } from "@/scripts/mariadb.mjs";

const BIN = join(import.meta.dirname, "../../scripts/sallyport.mjs");
const AUDIENCE = "urn:sallyport";
const FILE = `version: 1
connections:
  - { name: shop, host: db.internal, user: app, password: { file: pw.txt } }
policies:
  - { name: agents, connection: shop, identities: [{ client_id: orders-agent }], rules: [{ name: read, effect: allow, statements: [select], tables: [shop.orders], max_limit: 100 }] }
`;

describe("the command line", () => {
  let database: TestDatabase;
  let folder: string;
  let idp: DevIdp;
  let variables: Record<string, string>;
  beforeAll(async () => {
    await buildPrograms(["cli"]);
    database = await createTestDatabase();
    folder = mkdtempSync(join(tmpdir(), "sallyport-cli-"));
    idp = await startDevIdp({
      port: await freePort(),
      console: { id: "console", secret: "console-secret", url: "http://localhost:3999" },
      audience: AUDIENCE,
      groupsClaim: "groups",
      clients: DEMO_CLIENTS,
      keys: await loadKeys(join(folder, "keys.json")),
    });
    variables = {
      DATABASE_URL: database.url,
      OIDC_ISSUER: idp.issuer,
      SALLYPORT_MASTER_KEY: Buffer.alloc(32, 7).toString("base64"),
    };
    writeFileSync(join(folder, "pw.txt"), "s3cret\n");
  });
  afterAll(async () => {
    await idp.close();
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  function sallyport(args: readonly string[], given: Record<string, string> = variables, input = "") {
    return new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
      const child = spawn(process.execPath, [BIN, ...args], {
        cwd: folder,
        env: { NODE_ENV: "test", PATH: process.env.PATH ?? "", DATA_DIR: join(folder, "data"), ...given },
      });
      let [out, err] = ["", ""];
      child.stdout.on("data", (text) => {
        out += text;
      });
      child.stderr.on("data", (text) => {
        err += text;
      });
      child.stdin.end(input);
      child.once("close", (code) => resolve({ code, out, err }));
    });
  }
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return name;
  };

  it("asks for a migration where there was none, and migrates", async () => {
    const before = await sallyport(["export"]);
    expect(before).toMatchObject({ code: 1, out: "" });
    expect(before.err).toContain("was never migrated");
    expect(before.err).toContain("sallyport migrate");
    expect(await sallyport(["migrate"])).toMatchObject({ code: 0, out: "The store is up to date.\n" });
    expect((await sallyport(["migrate", "--json"])).out).toBe('{\n  "upToDate": true\n}\n');
  });

  it("checks, applies, applies again, and exports what it can apply", async () => {
    const file = write("good.yaml", FILE);
    const checked = await sallyport(["apply", "-f", file, "--check"]);
    expect(checked).toMatchObject({ code: 0, err: "" });
    expect(checked.out).toBe(
      '+ connection shop\n    app at db.internal:3306, tls preferred\n+ policy agents\n    on shop\n    binds client_id orders-agent\n    metadata allow, default deny\n    rule "read": allow select on shop.orders; max_limit 100\n2 changes. Nothing was applied (--check).\n',
    );
    const applied = await sallyport(["apply", "-f", file, "--json"]);
    expect(JSON.parse(applied.out)).toMatchObject({
      revision: 1,
      check: false,
      changes: [{ name: "shop" }, { name: "agents" }],
    });
    expect((await sallyport(["apply", "--file", file])).out).toBe("No change.\n");

    const exported = await sallyport(["export"]);
    expect(exported.code).toBe(0);
    expect(exported.out).not.toContain("s3cret");
    expect((await sallyport(["apply", "-f", "-"], variables, exported.out)).out).toBe("No change.\n");
    const asJson = write("exported.json", (await sallyport(["export", "--json"])).out);
    expect((await sallyport(["apply", "-f", asJson])).out).toBe("No change.\n");
  });

  describe("verify", () => {
    it("proves what the commands before have written, with the keys that are believed", async () => {
      const { code, out, err } = await sallyport(["verify"]);
      expect({ code, err }).toEqual({ code: 0, err: "" });
      expect(out).toMatch(/^PROVEN: the record is as it was written.\n/);
      expect(out).toMatch(/Checked: 1 chain \(0 open\) with 2 batches: 3 audit events/);
      write("key.pem", testSigner.publicKey);
      const withoutMaster = { DATABASE_URL: database.url };
      expect((await sallyport(["verify", "--key", "key.pem"], withoutMaster)).code).toBe(0);
      expect(await sallyport(["verify"], withoutMaster)).toMatchObject({ code: 2, out: "" });
      write("other.pem", signerFrom(Buffer.alloc(32, 8)).publicKey);
      const untrusted = await sallyport(["verify", "--key", "other.pem"]);
      expect(untrusted.code).toBe(1);
      expect(untrusted.out).toContain("is not trusted");
    });

    it("names the first broken link, for people and for scripts", async () => {
      const store = openStore(database.url);
      try {
        const [event] = await store.db.select().from(auditEvents).limit(1);
        const rename = (actorName: string) =>
          store.db
            .update(auditEvents)
            .set({ actorName })
            .where(eq(auditEvents.id, event?.id ?? ""));
        await rename("nobody");
        const broken = await sallyport(["verify"]);
        expect(broken.code).toBe(1);
        expect(broken.out).toContain(`First broken link: the audit event ${event?.id} is not as it was recorded`);
        const json = JSON.parse((await sallyport(["verify", "--json", "--since", "1h"])).out);
        expect(json).toMatchObject({ proven: false, problemCount: 1, problems: [{ record: { id: event?.id } }] });
        await rename(event?.actorName ?? "");
        expect((await sallyport(["verify", "--quick"])).code).toBe(0);
      } finally {
        await store.close();
      }
    });

    it("keeps where the chains end, and finds them again", async () => {
      expect((await sallyport(["verify", "--save-head", "heads.json"])).code).toBe(0);
      expect((await sallyport(["verify", "--head", "heads.json"])).code).toBe(0);
      const heads = JSON.parse(readFileSync(join(folder, "heads.json"), "utf8"));
      heads.heads[0].number += 1;
      write("heads.json", JSON.stringify(heads));
      const broken = await sallyport(["verify", "--head", "heads.json"]);
      expect(broken).toMatchObject({ code: 1, out: expect.stringContaining("it is missing") });
    });

    it("exports the record, on record itself, and proves it without a store", async () => {
      const exported = await sallyport(["verify", "--export", "record.ndjson"]);
      expect(exported).toMatchObject({ code: 0, err: "" });
      const offline = await sallyport(["verify", "--from", "record.ndjson", "--key", "key.pem", "--json"], {});
      expect(offline.err).toBe("");
      const { proven, counts } = JSON.parse(offline.out);
      expect({ proven, counts }).toMatchObject({ proven: true, counts: { auditEvents: 4 } });
      const text = readFileSync(join(folder, "record.ndjson"), "utf8");
      expect(text).toContain('"action":"export.created"');
      write("changed.ndjson", text.replace("export.created", "export.removed"));
      expect((await sallyport(["verify", "--from", "changed.ndjson"])).code).toBe(1);
      write(
        "part.ndjson",
        text.replace('"since":null,"recordings":true', '"since":"2026-01-01T00:00:00Z","recordings":false'),
      );
      const part = await sallyport(["verify", "--from", "part.ndjson"]);
      expect(part.out).toMatch(/^PROVEN: this part of the record is as it was written.\n/);
      expect(part.out).toMatch(/a part only: what was written since 2026-01-01T00:00:00.000Z, without the bytes/);
      write("cut.ndjson", text.slice(0, -100));
      expect((await sallyport(["verify", "--from", "cut.ndjson"])).code).toBe(2);
    });

    it("exits with 1 for a session that is from before proofs existed: it is not proven", async () => {
      const store = openStore(database.url);
      try {
        const id = newId();
        await insertSession(store.db, newId(), id);
        expect(await sallyport(["verify", "--session", id])).toMatchObject({ code: 0 });
        await store.db
          .update(sessions)
          .set({ startedAt: new Date("2024-06-01T00:00:00Z") })
          .where(eq(sessions.id, id));
        const { code, out } = await sallyport(["verify", "--session", id]);
        expect({ code, out }).toMatchObject({ code: 1, out: expect.stringContaining("NOT PROVEN") });
      } finally {
        await store.close();
      }
    });

    it("says what there is not", async () => {
      const nowhere = newId();
      for (const what of ["chain", "session"]) {
        const { code, err } = await sallyport(["verify", `--${what}`, nowhere]);
        expect({ code, err }).toMatchObject({
          code: 1,
          err: expect.stringContaining(`There is no ${what === "chain" ? "chain" : "such session"}`),
        });
      }
    });
  });

  describe("check", () => {
    const ask = (sql: string, ...more: string[]) =>
      sallyport(["check", "--connection", "shop", "--as", "client_id=orders-agent", sql, ...more]);

    beforeAll(async () => {
      const store = openStore(database.url);
      const [row] = await store.db.select().from(connections).where(eq(connections.name, "shop"));
      await storeCatalogue(store.db, row?.id ?? "", SHOP, new Date());
      await store.close();
    });

    it("says what is allowed, with the rule and how the statement was read, and exits with 0", async () => {
      const { code, out, err } = await ask("SELECT id FROM orders WHERE id = 5 LIMIT 10", "--schema", "shop");
      expect({ code, err }).toEqual({ code: 0, err: "" });
      expect(out).toBe(`ALLOWED: rule "read" allows it (policy agents)
Read as: select (read)
Template: SELECT id FROM orders WHERE id = ? LIMIT ?
Tables: shop.orders (read, pinned by id)
Columns read: shop.orders.id
Limit: 10
Rules:
  agents / read (allow): decides
Policies: agents
`);
    });

    it("says what is denied and what the nearest rule lacked, and exits with 1", async () => {
      const { code, out } = await ask("SELECT id FROM shop.orders LIMIT 1000");
      expect(code).toBe(1);
      expect(out).toContain("DENIED: no rule allows it (policy agents)\n");
      expect(out).toContain('Nearest: rule "read" would allow it, but LIMIT must be at most 100\n');
      const json = JSON.parse((await ask("SELECT id FROM shop.orders LIMIT 1000", "--json")).out);
      expect(json).toMatchObject({
        effect: "deny",
        policies: ["agents"],
        result: { kind: "decided", rules: [{ rule: "read", lacks: [{ kind: "limit_exceeded", max: 100 }] }] },
      });
    });

    it("says what is not understood, and whom no policy lets in, and exits with 1", async () => {
      expect(await ask("SELECT id FROM shop.nowhere")).toMatchObject({
        code: 1,
        out: expect.stringContaining("DENIED: not understood: the table shop.nowhere is not known"),
      });
      const stranger = await sallyport([
        "check",
        "--connection",
        "shop",
        "--as",
        "group=x",
        "--as",
        "group=y",
        "SELECT 1",
      ]);
      expect(stranger).toMatchObject({
        code: 1,
        out: expect.stringContaining("no policy lets this identity use shop"),
      });
      const nowhere = await sallyport(["check", "--connection", "nope", "--as", "client_id=a", "SELECT 1"]);
      expect(nowhere).toMatchObject({ code: 1, err: expect.stringContaining("There is no connection nope") });
    });

    it("asks as if a file were applied: policies and masks that it does not name stay; a review exits with 1", async () => {
      const draft = write(
        "draft.yaml",
        FILE.replace("effect: allow", "effect: review").replace("shop.orders", "'*.*'"),
      );
      const { code, out } = await ask("SELECT id FROM shop.items LIMIT 5", "-f", draft);
      expect(code).toBe(1);
      expect(out).toContain('HELD FOR REVIEW: rule "read" asks for a review');
      const people = write(
        "people-draft.yaml",
        FILE.replace(/\{ name: agents.*/, "{ name: people, connection: shop, identities: [{ group: dba }] }"),
      );
      expect((await ask("SELECT 1", "-f", people)).out).toContain("Policies: agents\n");
      expect((await ask("SELECT 1", "-f", people, "--prune")).out).toContain("no policy lets this identity use shop");
      const other = await sallyport(["check", "--connection", "crm", "--as", "client_id=a", "-f", draft, "SELECT 1"]);
      expect(other).toMatchObject({
        code: 2,
        err: expect.stringContaining("no policy and no mask for the connection crm"),
      });
      const bad = write("bad-draft.yaml", FILE.replace("effect: allow", "effect: alow"));
      expect(await ask("SELECT 1", "-f", bad)).toMatchObject({ code: 2, err: expect.stringContaining("line 5") });
    });

    it("asks the masks of a file too, and what is published where the file has no policy", async () => {
      const masks = "version: 1\nmasks:\n  - { connection: shop, column: shop.items.name, method: redact }\n";
      const published = await ask("SELECT 1");
      expect(await ask("SELECT 1", "-f", write("masks.yaml", masks))).toEqual(published);
      const bad = write("bad-masks.yaml", masks.replace("redact", "bucket"));
      expect(await ask("SELECT 1", "-f", bad)).toMatchObject({ code: 2, err: expect.stringContaining("line 3") });
    });

    it("and apply warns of rules that can not match, at their line", async () => {
      const file = write("warned.yaml", FILE.replace("shop.orders]", "shop.ordrs, shop.orders]"));
      const { code, out } = await sallyport(["apply", "-f", file, "--check"]);
      expect(code).toBe(0);
      expect(out).toContain(
        "warning: line 5: policies[0].rules[0].tables[0]: no table or view that is known matches shop.ordrs",
      );
      const without = write("empty.yaml", FILE.replace(/, rules: .*/, " }"));
      expect((await sallyport(["apply", "-f", without, "--check"])).out).toContain(
        "warning: line 5: policies[0].name: has no rules: it denies every statement",
      );
    });
  });

  describe("impact", () => {
    const draft = FILE.replace("max_limit: 100", "max_limit: 10");

    beforeAll(async () => {
      const store = openStore(database.url);
      const [row] = await store.db.select().from(connections).where(eq(connections.name, "shop"));
      const connectionId = row?.id ?? "";
      await storeCatalogue(store.db, connectionId, SHOP, new Date());
      const facts = { issuer: idp.issuer, subject: "orders-agent", kind: "machine", clientId: "orders-agent" } as const;
      const agent = await upsertIdentity(store.db, { ...facts, email: null, name: "orders-agent", groups: [] });
      const own = { connectionId, identityId: agent.id, templateHash: null };
      await store.db.insert(statements).values(
        [5, 50, 60].map((limit, at) => {
          const sql = `SELECT id FROM shop.orders LIMIT ${limit}`;
          return statementRow(agent.id, at + 1, { ...own, sql, id: newId(), defaultSchema: null });
        }),
      );
      await store.close();
    });

    it("says what a file would change of what was recorded, and exits with 1", async () => {
      const { code, out, err } = await sallyport(["impact", "-f", write("tight.yaml", draft), "--since", "1h"]);
      expect({ code, err }).toEqual({ code: 1, err: "" });
      expect(out).toMatch(
        /^shop: 2 newly blocked\n {2}of 3 statements since \S+ \(0 templates, 1 identities\)\n {2}2 {2}newly blocked {2}orders-agent {2}SELECT id FROM shop\.orders LIMIT 60\n {5}no rule allows it \(policy agents\)\n$/,
      );
    });

    it("leaves what the file does not name as it is, as applying it does, unless it is pruned", async () => {
      const people = "{ name: people, connection: shop, identities: [{ group: dba }], rules: [] }";
      const other = write("people.yaml", FILE.replace(/\{ name: agents.*/, people));
      const kept = await sallyport(["impact", "-f", other, "--since", "1h", "--json"]);
      expect(JSON.parse(kept.out)).toMatchObject({ connections: [{ statements: 3, unchanged: 3 }] });
      const pruned = await sallyport(["impact", "-f", other, "--since", "1h", "--prune", "--json"]);
      expect(JSON.parse(pruned.out)).toMatchObject({ connections: [{ totals: { newly_blocked: 3 } }] });
    });

    it("exits with 0 where nothing changes, and says everything as JSON", async () => {
      const same = await sallyport(["impact", "-f", write("same.yaml", FILE), "--since", "2026-01-01", "--json"]);
      expect({ code: same.code, err: same.err }).toEqual({ code: 0, err: "" });
      expect(JSON.parse(same.out)).toMatchObject({
        connections: [{ connection: "shop", statements: 3, unchanged: 3, changes: [] }],
      });
      const observing = write("observe.yaml", draft.replace("user: app,", "user: app, mode: observe,"));
      const json = JSON.parse((await sallyport(["impact", "-f", observing, "--since", "12h", "--json"])).out);
      expect(json).toMatchObject({ connections: [{ unchanged: 3 }] });
    });

    it("says what is missing, and exits with 2", async () => {
      const file = write("tight.yaml", draft);
      for (const [args, what] of [
        [["--since", "1h"], "the file is missing"],
        [["-f", file], "since when is missing"],
        [["-f", file, "--since", "soon"], "is neither a time"],
        [["-f", file, "--since", "1h", "--connection", "crm"], "has nothing about crm"],
      ] as const) {
        expect(await sallyport(["impact", ...args])).toMatchObject({ code: 2, err: expect.stringContaining(what) });
      }
      const other = write("other.yaml", draft.replaceAll("shop", "crm"));
      expect(await sallyport(["impact", "-f", other, "--since", "1h"])).toMatchObject({
        code: 1,
        err: expect.stringContaining("There is no connection crm"),
      });
    });
  });

  it("lists every problem of a file with its line on stderr, and exits with 2", async () => {
    const file = write("bad.yaml", FILE.replace("host:", "hots:").replace("connection: shop", "conection: shop"));
    const refused = await sallyport(["apply", "-f", file]);
    expect(refused).toMatchObject({ code: 2, out: "" });
    expect(refused.err).toContain("bad.yaml has 4 problems");
    expect(refused.err).toContain("line 3: connections[0].hots: unknown key; did you mean host?");
    expect(refused.err).toContain("line 5: policies[0].conection: unknown key; did you mean connection?");
    const json = JSON.parse((await sallyport(["apply", "-f", file, "--json"])).err);
    expect(json.error).toMatchObject({ code: "INVALID_INPUT", problems: { length: 4 } });
  });

  it("prints a token that the gateway would take, and nothing else", async () => {
    const { code, out, err } = await sallyport([
      "token",
      "--client",
      "orders-agent",
      "--secret",
      "orders-agent-secret",
    ]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const verifier = createAccessTokenVerifier({ issuer: idp.issuer, audience: AUDIENCE, groupsClaim: "groups" });
    expect(await verifier.verify(out.trimEnd())).toMatchObject({ clientId: "orders-agent", kind: "machine" });
    const fromVariable = await sallyport(["token", "--client", "orders-agent", "--json"], {
      ...variables,
      SALLYPORT_CLIENT_SECRET: "orders-agent-secret",
    });
    expect(JSON.parse(fromVariable.out)).toMatchObject({ token_type: "Bearer", expires_in: expect.any(Number) });
  });

  it("says what the identity provider refuses, without the secret", async () => {
    const refused = await sallyport(["token", "--client", "orders-agent", "--secret", "wr0ng-s3cret"]);
    expect(refused).toMatchObject({ code: 1, out: "" });
    expect(refused.err).toContain("refuses the client orders-agent (invalid_client");
    expect(refused.err).not.toContain("wr0ng-s3cret");
  });

  it("takes the settings of the embedded default when it is given none", async () => {
    const dataDir = mkdtempSync(join(folder, "data-"));
    writeFileSync(join(dataDir, "env.json"), JSON.stringify(variables));
    const args = ["token", "--client", "orders-agent", "--secret", "orders-agent-secret"];
    expect((await sallyport(args, { DATA_DIR: dataDir })).code).toBe(0);
    const without = await sallyport(args, { DATA_DIR: join(folder, "nothing") });
    expect(without.code).toBe(2);
    expect(without.err).toContain("OIDC_ISSUER is missing");
  });

  it.each(["apply", "export", "check", "impact", "verify", "token", "migrate"])(
    "explains %s with an example",
    async (command) => {
      const { code, out } = await sallyport([command, "--help"], {});
      expect(code).toBe(0);
      expect(out).toMatch(new RegExp(`^Usage: sallyport ${command}[\\s\\S]*Example:\n +\\S`));
    },
  );

  it.each<[string[], RegExp]>([
    [["aply"], /no command aply[\s\S]*Did you mean apply\?/],
    [["apply"], /the file is missing/],
    [["apply", "-f", "nowhere.yaml"], /nowhere.yaml cannot be read/],
    [["apply", "-f", "x", "--prun"], /--prun is unknown; did you mean --prune\?/],
    [["export", "more"], /more is not expected/],
    [["token", "--client", "a"], /secret is missing/],
    [["verify", "--key", "nowhere.pem"], /nowhere.pem cannot be read/],
    [["verify", "--key", "pw.txt"], /no Ed25519 public key/],
    [["verify", "--head", "pw.txt"], /not one that sallyport verify --save-head wrote/],
    [["verify", "--chain", "x"], /no id of 26 letters/],
    [["verify", "--from", "nowhere.ndjson"], /nowhere.ndjson cannot be read/],
    [["verify", "--from", "x", "--chain", "x"], /--from stands with/],
    [["verify", "--export", "x", "--session", "x"], /--export stands with/],
    [["verify", "--since", "soon"], /neither a time/],
    [["verify", "--session", "x", "--chain", "x"], /stands alone/],
    [["verify", "--since", "1h", "--save-head", "x"], /of the whole record/],
    [["check", "--as", "client_id=a", "SELECT 1"], /connection is missing/],
    [["check", "--connection", "shop", "SELECT 1"], /who asks is missing/],
    [["check", "--connection", "shop", "--as", "client_id=a"], /statement is missing/],
    [["check", "--connection", "shop", "--as", "clientid=a", "SELECT 1"], /did you mean client_id\?/],
    [["check", "--connection", "shop", "--as", "group", "SELECT 1"], /--as group has no value/],
    [["check", "--connection", "shop", "--as", "subject=a", "--as", "subject=b", "SELECT 1"], /stands twice/],
    [["check", "--connection", "shop", "--as", "client_id=a", "SELECT", "1"], /only one statement is expected/],
  ])("refuses %j with exit code 2", async (args, message) => {
    const { code, out, err } = await sallyport(args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(message);
  });

  it("prints the file's schema for editors", async () => {
    const schema = JSON.parse((await sallyport(["export", "--schema"], {})).out);
    expect(Object.keys(schema.properties)).toEqual(["version", "connections", "masks", "policies"]);
    expect(schema.required).toEqual(["version"]);
  });

  it("says that the store does not answer, without its password", async () => {
    const away = { ...variables, DATABASE_URL: `mysql://u:passw0rd@127.0.0.1:${await freePort()}/x` };
    const { code, err } = await sallyport(["export"], away);
    expect(code).toBe(1);
    expect(err).toContain("does not answer");
    expect(err).not.toContain("passw0rd");
  });
});
