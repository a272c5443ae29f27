import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createTestStore, type TestStore } from "@/e2e/support/store";
import { openCredential } from "@/lib/connections/credential";
import type { Ctx } from "@/lib/ctx";
import { auditEvents, connections, gatewayFeed, policies, revisions } from "@/lib/db/schema";
import { SallyportError } from "@/lib/errors/error";
import { documentToYaml } from "../export";
import { exportConfiguration } from "../export-configuration";
import { type ApplyInput, applyConfiguration } from "./apply";

vi.stubEnv("SALLYPORT_MASTER_KEY", Buffer.alloc(32, 7).toString("base64"));

const SHOP = `version: 1
connections:
  - name: shop
    host: db.internal
    user: shop_app
    password: { env: SHOP_PASSWORD }
    limits: { max_rows: 100 }
policies:
  - name: agents
    connection: shop
    identities: [{ client_id: orders-agent }]
    rules:
      - { name: read, effect: allow, statements: [select], tables: [shop.orders], max_limit: 100 }
`;

describe("applying a configuration file", () => {
  let store: TestStore;
  let variables: Record<string, string>;
  let files: Record<string, string>;
  beforeEach(async () => {
    store = await createTestStore();
    variables = { SHOP_PASSWORD: "s3cret" };
    files = {};
  });
  afterEach(() => store.close());

  const ctx = (): Ctx => ({ actor: { kind: "system", name: "test" }, requestId: "r", db: store.db });
  const apply = (text: string, options: Partial<ApplyInput> = {}) =>
    applyConfiguration(ctx(), {
      text,
      name: "f.yaml",
      reader: { env: (name) => variables[name], file: (path) => files[path] },
      prune: false,
      check: false,
      ...options,
    });
  async function problemsOf(text: string, options: Partial<ApplyInput> = {}): Promise<string[]> {
    const error = await apply(text, options).catch((caught: unknown) => caught);
    return error instanceof SallyportError && error.code === "INVALID_INPUT"
      ? error.problems.map((one) => `${one.line} ${one.path}: ${one.message}`)
      : [`unexpected: ${String(error)}`];
  }
  const count = async () => ({
    connections: (await store.db.select().from(connections)).length,
    policies: (await store.db.select().from(policies)).length,
    revisions: (await store.db.select().from(revisions)).length,
  });

  it("creates what the file names, as one revision with an audit event for each object, and the password sealed", async () => {
    const applied = await apply(SHOP);
    expect(applied).toEqual({
      changes: [
        {
          action: "create",
          kind: "connection",
          name: "shop",
          details: ["shop_app at db.internal:3306, tls preferred"],
        },
        {
          action: "create",
          kind: "policy",
          name: "agents",
          details: [
            "on shop",
            "binds client_id orders-agent",
            "metadata allow, default deny",
            'rule "read": allow select on shop.orders; max_limit 100',
          ],
        },
      ],
      untouched: [],
      warnings: [],
      revision: 1,
    });
    const [row] = await store.db.select().from(connections);
    expect(row).toMatchObject({ name: "shop", limits: { max_rows: 100 }, updatedBy: "test" });
    expect(row?.sealedPassword).not.toContain("s3cret");
    expect(openCredential(row?.id ?? "", row?.sealedPassword ?? "")).toBe("s3cret");
    const events = await store.db.select().from(auditEvents);
    expect(events.map((one) => one.action).sort()).toEqual([
      "connection.created",
      "policy.created",
      "revision.published",
    ]);
    expect(JSON.stringify(events)).not.toContain("s3cret");
    expect(await store.db.select().from(gatewayFeed)).toEqual([{ id: 1, version: 1 }]);
  });

  it("says no change the second time and publishes nothing", async () => {
    await apply(SHOP);
    expect(await apply(SHOP)).toEqual({ changes: [], untouched: [], warnings: [], revision: null });
    expect(await count()).toEqual({ connections: 1, policies: 1, revisions: 1 });
  });

  it("only says what would change with check", async () => {
    const checked = await apply(SHOP, { check: true });
    expect(checked.changes).toHaveLength(2);
    expect(await count()).toEqual({ connections: 0, policies: 0, revisions: 0 });
  });

  it("tells field by field what differs, and a new password without showing it", async () => {
    await apply(SHOP);
    variables.SHOP_PASSWORD = "n3w-s3cret";
    const changed = SHOP.replace("max_rows: 100", "max_rows: 5, max_seconds: 2")
      .replace("db.internal", "db2.internal")
      .replace("orders-agent }", "other }");
    const { changes } = await apply(changed);
    expect(changes).toEqual([
      {
        action: "update",
        kind: "connection",
        name: "shop",
        details: [
          "host: db.internal -> db2.internal",
          "limits.max_rows: 100 -> 5",
          "limits.max_seconds: null -> 2",
          "password replaced",
        ],
      },
      {
        action: "update",
        kind: "policy",
        name: "agents",
        details: ["binds client_id other", "no longer binds client_id orders-agent"],
      },
    ]);
    expect(await apply(changed)).toMatchObject({ changes: [] });
  });

  it("changes nothing at all when anything is wrong, and lists every problem with its line", async () => {
    const bad = `${SHOP}  - name: strangers
    connection: nowhere
    identities: []
`.replace(
      "policies:",
      `  - name: two
    host: h
    user: u
    password: { env: NOT_SET }
  - name: three
    host: h
    user: u
    password: { file: gone }
  - name: four
    host: h
    user: u
    password: { env: SALLYPORT_FOUR_PASSWORD }
    tls: verify-ca
    ca: gone.pem
policies:`,
    );
    expect(await problemsOf(bad)).toEqual([
      "11 connections[1].password: the environment variable NOT_SET is not set",
      "15 connections[2].password: the file gone cannot be read",
      "19 connections[3].password: SALLYPORT_FOUR_PASSWORD is not set, and nothing is stored yet",
      "21 connections[3].ca: the file gone.pem cannot be read (needed for tls verify-ca)",
      "29 policies[1].connection: the connection nowhere is neither in the file nor known",
    ]);
    expect(await count()).toEqual({ connections: 0, policies: 0, revisions: 0 });
  });

  it("reads a password file without its trailing line break", async () => {
    files["pw.txt"] = "from file\n";
    await apply(SHOP.replace("{ env: SHOP_PASSWORD }", "{ file: pw.txt }"));
    const [row] = await store.db.select().from(connections);
    expect(openCredential(row?.id ?? "", row?.sealedPassword ?? "")).toBe("from file");
  });

  it("takes its own export back without a change and without knowing the password", async () => {
    await apply(SHOP);
    variables = {};
    const exported = documentToYaml(await exportConfiguration(ctx()));
    expect(exported).toContain("env: SALLYPORT_SHOP_PASSWORD");
    expect(exported).not.toContain("s3cret");
    expect(await apply(exported)).toEqual({ changes: [], untouched: [], warnings: [], revision: null });
  });

  it("does not send a stored password to another server: host, port or user change only with the password", async () => {
    await apply(SHOP);
    variables = {};
    const exported = documentToYaml(await exportConfiguration(ctx()));
    expect(await problemsOf(exported.replace("db.internal", "evil.example"))).toEqual([
      expect.stringContaining("set SALLYPORT_SHOP_PASSWORD: host, port or user change"),
    ]);
    variables.SALLYPORT_SHOP_PASSWORD = "given again";
    expect(await apply(exported.replace("db.internal", "db2.internal"))).toMatchObject({ revision: 2 });
  });

  it("leaves alone what the file does not name, unless it prunes", async () => {
    await apply(SHOP);
    const empty = "version: 1\n";
    expect(await apply(empty)).toEqual({
      changes: [],
      untouched: ["connection shop", "policy agents"],
      warnings: [],
      revision: null,
    });
    const pruned = await apply(empty, { prune: true });
    expect(pruned.changes.map((one) => `${one.action} ${one.kind} ${one.name}`)).toEqual([
      "delete policy agents",
      "delete connection shop",
    ]);
    expect(await count()).toEqual({ connections: 0, policies: 0, revisions: 2 });
  });

  it("binds to a connection that only the store has, but not to one that pruning deletes", async () => {
    await apply(SHOP);
    const more = "version: 1\npolicies:\n  - { name: more, connection: shop, identities: [{ group: dba }] }\n";
    expect(await problemsOf(more, { prune: true })).toEqual([
      "3 policies[0].connection: the connection shop is not in the file, and pruning deletes it",
    ]);
    expect((await apply(more)).changes).toHaveLength(1);
  });

  it("gives two applies at a time one after the other, none of them lost", async () => {
    const other = SHOP.replaceAll("shop", "crm").replace("name: agents", "name: crm-agents");
    const results = await Promise.all([apply(SHOP), apply(other), apply(SHOP), apply(other)]);
    const published = results.map((one) => one.revision).filter((one) => one !== null);
    expect(published.sort()).toEqual([1, 2]);
    expect(await count()).toEqual({ connections: 2, policies: 2, revisions: 2 });
  });

  it("refuses people who are not admins", async () => {
    const auditor: Ctx = {
      ...ctx(),
      actor: { kind: "person", id: "x", name: "Ann", roles: ["auditor"], address: null },
    };
    await expect(
      applyConfiguration(auditor, {
        text: SHOP,
        name: "f",
        reader: { env: () => "x", file: () => "" },
        prune: false,
        check: true,
      }),
    ).rejects.toMatchObject({ code: "FORBIDDEN" });
  });
});
