import { asc } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createTestStore, type TestStore } from "@/e2e/support/store";
import { storeCatalogue } from "@/lib/catalogue/store";
import { openRestrictedCredential } from "@/lib/connections/credential";
import type { Ctx } from "@/lib/ctx";
import { auditEvents, connections, masks, revisions } from "@/lib/db/schema";
import { SallyportError } from "@/lib/errors/error";
import { SHOP as SHOP_SCHEMA } from "@/lib/sql/shop.fixture";
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
    restricted: { user: shop_clean, password: { env: CLEAN_PASSWORD } }
masks:
  - { connection: shop, column: shop.people.secret, method: redact }
  - { connection: shop, column: "*.*.mail", method: token, predicates: equality, exempt: [support] }
`;
const WITHOUT_RESTRICTED = SHOP.replace(/ {4}restricted.*\n/, "");

describe("applying masks and a restricted account", () => {
  let store: TestStore;
  let variables: Record<string, string>;
  beforeEach(async () => {
    store = await createTestStore();
    variables = { SHOP_PASSWORD: "s3cret", CLEAN_PASSWORD: "cl3an" };
  });
  afterEach(() => store.close());

  const ctx = (): Ctx => ({ actor: { kind: "system", name: "test" }, requestId: "r", db: store.db });
  const apply = (text: string, options: Partial<ApplyInput> = {}) =>
    applyConfiguration(ctx(), {
      text,
      name: "f.yaml",
      reader: { env: (name) => variables[name], file: () => undefined },
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
  const stored = () => store.db.select().from(masks).orderBy(asc(masks.column));
  async function connection() {
    const [row] = await store.db.select().from(connections);
    if (row === undefined) throw new Error("no connection");
    return row;
  }
  const actions = async () =>
    (await store.db.select().from(auditEvents).orderBy(asc(auditEvents.id))).map((one) => one.action);

  it("creates both in one revision, in words, with an audit event for each and the password sealed", async () => {
    const { changes, revision, warnings } = await apply(SHOP);
    expect({ changes, revision, warnings }).toEqual({
      changes: [
        {
          action: "create",
          kind: "connection",
          name: "shop",
          details: ["shop_app at db.internal:3306, tls preferred", "restricted account shop_clean"],
        },
        { action: "create", kind: "mask", name: "shop.people.secret on shop", details: ["redact"] },
        {
          action: "create",
          kind: "mask",
          name: "*.*.mail on shop",
          details: ["token; predicates equality; exempt support"],
        },
      ],
      revision: 1,
      warnings: [],
    });
    expect((await stored()).map((one) => `${one.column} ${one.method} ${one.updatedBy}`)).toEqual([
      "*.*.mail token test",
      "shop.people.secret redact test",
    ]);
    const { id, restrictedUser, sealedRestrictedPassword } = await connection();
    expect(restrictedUser).toBe("shop_clean");
    expect(openRestrictedCredential(id, sealedRestrictedPassword ?? "")).toBe("cl3an");
    expect(await actions()).toEqual(["connection.created", "mask.created", "mask.created", "revision.published"]);
    expect(JSON.stringify(await store.db.select().from(auditEvents))).not.toContain("cl3an");
    expect(await apply(SHOP)).toMatchObject({ changes: [], revision: null });
  });

  it("tells field by field what changes of a mask, and finds it in another spelling", async () => {
    await apply(SHOP);
    const changed = SHOP.replace("method: redact", "method: partial, options: { keep_last: 4 }").replace(
      "shop.people.secret",
      "shop.`people`.secret",
    );
    expect((await apply(changed, { check: true })).changes).toEqual([
      {
        action: "update",
        kind: "mask",
        name: "shop.people.secret on shop",
        details: [
          "column: shop.people.secret -> shop.`people`.secret",
          "method: redact -> partial",
          "options.keep_last: null -> 4",
        ],
      },
    ]);
    await apply(changed);
    expect((await stored()).at(-1)).toMatchObject({ method: "partial", version: 2 });
    expect(await apply(changed)).toMatchObject({ changes: [] });
  });

  it("leaves masks alone that the file does not name, unless it prunes", async () => {
    await apply(SHOP);
    const fewer = SHOP.replace(/ {2}- \{ connection: shop, column: "\*.*\n/, "");
    expect(await apply(fewer)).toMatchObject({ changes: [], untouched: ["mask *.*.mail on shop"] });
    expect((await apply(fewer, { prune: true })).changes).toEqual([
      {
        action: "delete",
        kind: "mask",
        name: "*.*.mail on shop",
        details: ["its columns are shown, unless another mask is about them"],
      },
    ]);
    expect(await stored()).toHaveLength(1);
    const none = await apply("version: 1\n", { prune: true });
    expect(none.changes.map((one) => `${one.action} ${one.kind}`)).toEqual(["delete mask", "delete connection"]);
    expect(await stored()).toEqual([]);
    expect((await actions()).filter((one) => one === "mask.deleted")).toHaveLength(2);
  });

  it("refuses masks of a connection that is not there, or that pruning deletes, at their lines", async () => {
    await apply(SHOP);
    const strange = "version: 1\nmasks:\n  - { connection: nowhere, column: a.b.c, method: redact }\n";
    expect(await problemsOf(strange)).toEqual([
      "3 masks[0].connection: the connection nowhere is neither in the file nor known",
    ]);
    expect(await problemsOf(strange.replace("nowhere", "shop"), { prune: true })).toEqual([
      "3 masks[0].connection: the connection shop is not in the file, and pruning deletes it",
    ]);
    expect((await apply(strange.replace("nowhere", "shop"))).changes).toHaveLength(1);
  });

  it("takes its own export back without a change and without knowing the passwords", async () => {
    await apply(SHOP.replace("exempt: [support]", "options: { paths: ['$.a'] }, derived: mask, join_class: person"));
    variables = {};
    const exported = documentToYaml(await exportConfiguration(ctx()));
    expect(exported).toContain("env: SALLYPORT_SHOP_RESTRICTED_PASSWORD");
    expect(exported).not.toContain("cl3an");
    expect(await apply(exported, { prune: true })).toMatchObject({ changes: [], revision: null });
    expect((await store.db.select().from(revisions))[0]?.document).toBe(exported);
  });

  it("sends a stored restricted password to no other server or account", async () => {
    await apply(SHOP);
    const exported = documentToYaml(await exportConfiguration(ctx()));
    variables = { SALLYPORT_SHOP_PASSWORD: "s3cret" };
    const needed = expect.stringContaining(
      "connections[0].restricted.password: set SALLYPORT_SHOP_RESTRICTED_PASSWORD: host, port or user change",
    );
    expect(await problemsOf(exported.replace("db.internal", "evil.example"))).toEqual([needed]);
    expect(await problemsOf(exported.replace("shop_clean", "other"))).toEqual([needed]);
    variables.SALLYPORT_SHOP_RESTRICTED_PASSWORD = "again";
    expect((await apply(exported.replace("shop_clean", "other"))).changes).toMatchObject([
      { details: ["restricted.user: shop_clean -> other", "restricted password replaced"] },
    ]);
    expect((await actions()).slice(-3)).toEqual([
      "connection.updated",
      "restricted_credential.rotated",
      "revision.published",
    ]);
  });

  it("removes the account when the file has none, and needs its password when it comes back", async () => {
    await apply(SHOP);
    const exported = documentToYaml(await exportConfiguration(ctx()));
    expect((await apply(WITHOUT_RESTRICTED)).changes).toMatchObject([
      { details: ["restricted.user: shop_clean -> null"] },
    ]);
    expect(await connection()).toMatchObject({ restrictedUser: null, sealedRestrictedPassword: null });
    expect(await problemsOf(exported)).toEqual([
      expect.stringContaining("SALLYPORT_SHOP_RESTRICTED_PASSWORD is not set, and nothing is stored yet"),
    ]);
    await apply(SHOP);
    variables.CLEAN_PASSWORD = "renewed";
    expect((await apply(SHOP)).changes).toMatchObject([{ details: ["restricted password replaced"] }]);
    await apply(SHOP.replace(/restricted: .*/, "restricted: null"));
    expect(await connection()).toMatchObject({ restrictedUser: null });
    variables = { SHOP_PASSWORD: "s3cret" };
    expect(await problemsOf(SHOP)).toEqual([
      "7 connections[0].restricted.password: the environment variable CLEAN_PASSWORD is not set",
    ]);
  });

  it("warns of masks that match no column or do not fit it, at their lines", async () => {
    await apply(SHOP);
    await storeCatalogue(store.db, (await connection()).id, SHOP_SCHEMA, new Date());
    const more = `  - { connection: shop, column: shop.people.secrt, method: redact }
  - { connection: shop, column: shop.people.name, method: year }
`;
    const { warnings } = await apply(SHOP + more);
    expect(warnings.map((one) => `${one.line} ${one.path}: ${one.message}`)).toEqual([
      "11 masks[2].column: no column that is known matches shop.people.secrt; did you mean shop.people.secret?",
      "12 masks[3].method: year does not fit shop.people.name (varchar): redacted instead",
    ]);
  });
});
