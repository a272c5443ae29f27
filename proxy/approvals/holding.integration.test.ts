import type { Connection, ResultSetHeader, RowDataPacket } from "mysql2/promise";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { HELD_WAIT, HeldWorld, policiesOf, REVIEW_RULES } from "@/e2e/support/held-world";
import type { GatewayUnderTest } from "@/e2e/support/wire-gateway";
import { approve } from "@/lib/approvals/approve";
import { deny } from "@/lib/approvals/deny";
import { expireDue } from "@/lib/approvals/expire-due";
import { withdraw } from "@/lib/approvals/withdraw";
import type { Ctx } from "@/lib/ctx";

const UPDATE = "UPDATE orders SET status = 'refunded' WHERE id = 2";

/** What became of a statement, once it is over. */
const outcome = (work: Promise<unknown>) =>
  work.then(
    () => "ran",
    (error: Error) => error.message,
  );

describe("a statement that waits for people", () => {
  let world: HeldWorld;
  let gateway: GatewayUnderTest;
  let client: Connection;
  let rita: Ctx;
  beforeAll(async () => {
    world = await HeldWorld.create();
    rita = await world.reviewer();
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    gateway = await world.gateway();
    client = await world.client(gateway);
  });
  afterEach(() => world.clear());

  const run = (sql: string, on = client) => on.query<ResultSetHeader>(sql).then(([done]) => done.affectedRows);
  const yes = (id: string) => approve(rita, { id, scope: "once" });
  const record = (sql: string) => gateway.observed.statements.find((row) => row.sql === sql);

  it("runs on its connection once it is approved, and its record names the approval", async () => {
    const done = run(UPDATE);
    const { id, statementId } = await world.held();
    expect(await world.order(2)).toMatchObject({ status: "open" });
    expect(gateway.holds.size).toBe(1);
    await yes(id);
    expect(await done).toBe(1);
    expect(await world.order(2)).toMatchObject({ status: "refunded" });
    await vi.waitFor(
      () =>
        expect(record(UPDATE)).toMatchObject({ id: statementId, effect: "review", approvalId: id, errorNumber: null }),
      20_000,
    );
    expect(gateway.holds.counts).toEqual({ released: 1, denied: 0, timedOut: 0 });
    expect((await world.requests())[0]).toMatchObject({ state: "approved", grantUses: 1 });
  });

  it("is told the reason of a denial, and the session goes on", async () => {
    const failed = outcome(run(UPDATE));
    const { id } = await world.held();
    await deny(rita, { id, reason: "order 2 is disputed" });
    expect(await failed).toMatch(
      /A reviewer denied this statement: order 2 is disputed\. .*code=APPROVAL_DENIED event=\S+ approval=\S+ rule=change/,
    );
    expect((await client.query("SELECT 1 AS one"))[0]).toEqual([{ one: 1 }]);
    expect(await world.order(2)).toMatchObject({ status: "open" });
  });

  it("is told after hold_seconds what to do; approved then, the identical statement runs exactly once", async () => {
    gateway.settings.approvals = { ...gateway.settings.approvals, hold_seconds: 1 };
    gateway.publish();
    const sql = "UPDATE orders SET hits = hits + 1 WHERE id = 3";
    const said = await outcome(run(sql));
    const [asked] = await world.requests();
    expect(said).toContain(
      `retry the identical statement once it is approved at https://console.example/approvals/${asked?.id}`,
    );
    expect(said).toMatch(/nobody has decided yet.*code=APPROVAL_PENDING/);
    await vi.waitFor(async () => expect((await world.requests())[0]?.holdState).toBe("retry_only"), HELD_WAIT);
    await yes(asked?.id ?? "");
    gateway.settings.approvals = { ...gateway.settings.approvals, hold_seconds: 0 };
    gateway.publish();
    const clients = await Promise.all(Array.from({ length: 50 }, () => world.client(gateway)));
    const ends = await Promise.all(clients.map((one) => outcome(run(sql, one))));
    expect(ends.filter((end) => end === "ran")).toHaveLength(1);
    expect(ends.filter((end) => end.includes("APPROVAL_PENDING"))).toHaveLength(49);
    expect(await world.order(3)).toMatchObject({ hits: 1 });
  });

  it("asks anew for another literal, schema, sql_mode, parameter or identity", async () => {
    gateway.settings.approvals = { ...gateway.settings.approvals, hold_seconds: 0 };
    gateway.publish();
    await outcome(run(UPDATE));
    await yes((await world.requests())[0]?.id ?? "");
    const other = await world.client(gateway, `token-other ${"x".repeat(1180)}`);
    const table = `${world.upstream.name}.orders`;
    expect(await outcome(run("UPDATE orders SET status = 'refunded' WHERE id = 3"))).toContain("APPROVAL_PENDING");
    expect(await outcome(run(UPDATE, other))).toContain("APPROVAL_PENDING");
    await client.query("SET SESSION sql_mode = 'NO_ENGINE_SUBSTITUTION'");
    expect(await outcome(run(UPDATE))).toContain("APPROVAL_PENDING");
    const execute = (id: number) => client.execute("UPDATE orders SET status = 'void' WHERE id = ?", [id]);
    expect(await outcome(execute(2))).toContain("APPROVAL_PENDING");
    const prepared = (await world.requests()).at(-1)?.id ?? "";
    await yes(prepared);
    expect(await outcome(execute(3))).toContain("APPROVAL_PENDING");
    expect(await outcome(execute(2))).toBe("ran");
    gateway.settings.schema = null;
    const elsewhere = await world.client(gateway);
    gateway.settings.schema = world.upstream.name;
    const qualified = UPDATE.replace("orders", table);
    expect(await outcome(run(qualified, elsewhere))).toContain("APPROVAL_PENDING");
    expect(await outcome(run(qualified))).toContain("APPROVAL_PENDING");
    const ids = (await world.requests()).map((row) => row.bindingHash);
    expect(new Set(ids).size).toBe(ids.length);
    const [first, again] = [await world.client(gateway), await world.client(gateway)];
    expect(await outcome(run(UPDATE, first))).toBe("ran");
    expect(await outcome(run(UPDATE, again))).toContain("APPROVAL_PENDING");
  });

  it("is refused when a deny is published while it waits, approved or not", async () => {
    const failed = outcome(run(UPDATE));
    const { id } = await world.held();
    gateway.settings.policies = policiesOf([{ name: "freeze", effect: "deny" }, ...REVIEW_RULES]);
    gateway.publish();
    await yes(id);
    expect(await failed).toMatch(/rule "freeze" denies it.*code=POLICY_DENIED/);
    expect((await world.requests())[0]).toMatchObject({ grantUses: 0 });
    expect(await world.order(2)).toMatchObject({ status: "open" });
  });

  it("needs no grant when a rule allows it by then", async () => {
    const done = run(UPDATE);
    const { id } = await world.held();
    gateway.settings.policies = policiesOf([{ name: "free", effect: "allow", statements: ["write"] }]);
    gateway.publish();
    await yes(id);
    expect(await done).toBe(1);
    expect((await world.requests())[0]).toMatchObject({ grantUses: 0 });
  });

  it("keeps its transaction, shows it to the reviewer, and shows nobody else what is not committed", async () => {
    await client.query("START TRANSACTION");
    gateway.settings.policies = policiesOf([
      { name: "insert", effect: "allow", statements: ["insert"], tables: ["*.*"] },
      ...REVIEW_RULES,
    ]);
    gateway.publish();
    await client.query("INSERT INTO orders (id, status) VALUES (9, 'new')");
    await client.query("SELECT status FROM orders WHERE id = 9");
    const done = run("/* purpose: clean up after a test */ UPDATE orders SET status = 'checked' WHERE id = 9");
    const row = await world.held();
    expect(row).toMatchObject({
      purpose: "clean up after a test",
      sql: "UPDATE orders SET status = 'checked' WHERE id = 9",
      transaction: { open: true, statements: 2 },
      earlier: [
        { sql: "INSERT INTO orders (id, status) VALUES (9, 'new')" },
        { sql: "SELECT status FROM orders WHERE id = 9" },
      ],
      access: {
        reads: [{ table: `${world.upstream.name}.orders`, columns: ["id"] }],
        writes: [{ table: `${world.upstream.name}.orders`, columns: ["status"] }],
      },
    });
    await yes(row.id);
    expect(await done).toBe(1);
    const [seen] = await client.query("SELECT status FROM orders WHERE id = 9");
    expect(seen).toEqual([{ status: "checked" }]);
    expect(await world.order(9)).toBeUndefined();
    await client.query("ROLLBACK");
    const later = run(UPDATE);
    expect((await world.held()).transaction).toMatchObject({ open: false, statements: 0 });
    await yes((await world.held()).id);
    await later;
  });

  it("waits no longer than five minutes in a transaction, which then is still open", async () => {
    gateway.settings.approvals = { ...gateway.settings.approvals, hold_seconds: 3600 };
    gateway.publish();
    await client.query("START TRANSACTION");
    const told = outcome(run(UPDATE));
    const { holdUntil } = await world.held();
    const left = (holdUntil?.getTime() ?? 0) - Date.now();
    expect(left).toBeGreaterThan(200_000);
    expect(left).toBeLessThanOrEqual(300_000);
    gateway.holds.drain();
    expect(await told).toContain("code=APPROVAL_PENDING");
    const [[now]] = await client.query<RowDataPacket[]>("SELECT @@in_transaction AS open");
    expect(now).toEqual({ open: 1 });
  });

  it("is told when its request expires, and that it has to ask anew", async () => {
    const told = outcome(run(UPDATE));
    await world.held();
    const system = { actor: { kind: "system", name: "test" }, requestId: "r", db: world.store.db } as const;
    await expireDue(system, new Date(Date.now() + 2 * 3_600_000));
    expect(await told).toMatch(/expired before anybody decided\. Send the statement again to ask anew/);
  });

  it("executes a prepared statement with the values that were approved", async () => {
    const done = client.execute<ResultSetHeader>("UPDATE orders SET status = ?, hits = ? WHERE id = ?", ["void", 7, 3]);
    const { id, parameters } = await world.held();
    expect(parameters).toMatchObject([{ text: "void" }, { text: "7" }, { text: "3" }]);
    await yes(id);
    expect((await done)[0].affectedRows).toBe(1);
    expect(await world.order(3)).toEqual({ status: "void", hits: 7 });
  });

  it("has the commands behind it wait, and answers all in order", async () => {
    const first = run(UPDATE);
    const second = client.query<RowDataPacket[]>("SELECT status FROM orders WHERE id = 2");
    await yes((await world.held()).id);
    expect(await first).toBe(1);
    expect((await second)[0]).toEqual([{ status: "refunded" }]);
  });

  it("leaves its request for a retry when its client goes away, and rolls back", async () => {
    await client.query("START TRANSACTION");
    void outcome(run(UPDATE));
    const { id, statementId } = await world.held();
    client.destroy();
    await vi.waitFor(() => expect(gateway.holds.size).toBe(0), HELD_WAIT);
    await vi.waitFor(async () => expect((await world.requests())[0]?.holdState).toBe("retry_only"), HELD_WAIT);
    expect(gateway.observed.ends.at(-1)).toMatchObject({ reason: "client_lost" });
    expect(gateway.observed.statements.at(-1)).toMatchObject({ id: statementId, approvalId: id, effect: "review" });
    await yes(id);
    const again = await world.client(gateway);
    expect(await run(UPDATE, again)).toBe(1);
  });

  it("is interrupted by KILL QUERY of another session with 1317, and its request stays for a retry", async () => {
    const failed = run(UPDATE);
    const caught = expect(failed).rejects.toMatchObject({ errno: 1317 });
    await world.held();
    const killer = await world.client(gateway);
    await killer.query(`KILL QUERY ${client.threadId}`);
    await caught;
    await vi.waitFor(
      async () => expect((await world.requests())[0]).toMatchObject({ state: "pending", holdState: "retry_only" }),
      20_000,
    );
    expect((await client.query("SELECT 1 AS one"))[0]).toEqual([{ one: 1 }]);
  });

  it("is not to run any more when its session is killed", async () => {
    const failed = outcome(run(UPDATE));
    await world.held();
    const [session] = [...gateway.registry.sessions()];
    session?.terminate("killed");
    expect(await failed).toContain("code=SESSION_KILLED");
    await vi.waitFor(async () => expect((await world.requests())[0]?.state).toBe("cancelled"), HELD_WAIT);
  });

  it("ends with its session when the token expires or the access is revoked", async () => {
    gateway.settings.tokenExpiresAt = new Date(Date.now() + 1_000);
    const brief = await world.client(gateway);
    const expired = outcome(run(UPDATE, brief));
    await world.held();
    expect(await expired).toContain("code=TOKEN_EXPIRED");
    gateway.settings.tokenExpiresAt = new Date(Date.now() + 60_000);
    const revoked = outcome(run(UPDATE));
    await vi.waitFor(() => expect(gateway.holds.size).toBe(1), HELD_WAIT);
    for (const session of [...gateway.registry.sessions()]) session.terminate("revoked");
    expect(await revoked).toContain("code=SESSION_KILLED");
    await vi.waitFor(async () => expect((await world.requests())[0]?.holdState).toBe("retry_only"), HELD_WAIT);
  });

  it("is told to retry when its gateway shuts down", async () => {
    const failed = outcome(run(UPDATE));
    await world.held();
    gateway.holds.drain();
    await gateway.listener.drain(1_000);
    expect(await failed).toContain("code=APPROVAL_PENDING");
    await gateway.holds.stop();
    expect((await world.requests())[0]).toMatchObject({ state: "pending", holdState: "retry_only" });
  });

  it("asks anew when another client that waited for the same approval has used it", async () => {
    const other = await world.client(gateway);
    const both = [outcome(run(UPDATE)), outcome(run(UPDATE, other))];
    const { id } = await world.held();
    await vi.waitFor(() => expect(gateway.holds.size).toBe(2), HELD_WAIT);
    await yes(id);
    expect(await Promise.race(both)).toBe("ran");
    const second = await world.held();
    expect(second.id).not.toBe(id);
    await yes(second.id);
    expect(await Promise.all(both)).toEqual(["ran", "ran"]);
    await expect(withdraw(rita, { id })).rejects.toMatchObject({ code: "CONFLICT" });
  });

  it("still shows that a client waits when another one that waited for the same has left", async () => {
    void outcome(run(UPDATE));
    const first = await world.held();
    const other = await world.client(gateway);
    const done = run(UPDATE, other);
    await vi.waitFor(() => expect(gateway.holds.size).toBe(2), HELD_WAIT);
    client.destroy();
    await vi.waitFor(async () => {
      const row = await world.held();
      expect(row.id).toBe(first.id);
      expect(row.statementId).not.toBe(first.statementId);
    }, HELD_WAIT);
    await yes(first.id);
    expect(await done).toBe(1);
  });

  it("runs at once by a grant for the session, and by none of another session", async () => {
    const done = run(UPDATE);
    await approve(rita, { id: (await world.held()).id, scope: "session" });
    await done;
    expect(await run("UPDATE orders SET status = 'again' WHERE id = 3")).toBe(1);
    gateway.settings.approvals = { ...gateway.settings.approvals, hold_seconds: 0 };
    gateway.publish();
    expect(await outcome(run(UPDATE, await world.client(gateway)))).toContain("APPROVAL_PENDING");
  });

  it("never waits on a connection that only observes", async () => {
    gateway.settings.mode = "observe";
    gateway.publish();
    expect(await run(UPDATE)).toBe(1);
    expect(await world.requests()).toEqual([]);
  });

  it("comes with the server's plan, but not where a mask could leak into it", async () => {
    const done = run(UPDATE);
    const { id } = await world.held();
    await vi.waitFor(async () => {
      const [row] = await world.requests();
      expect(row?.explain).toMatchObject({
        ok: true,
        estimatedRows: 1,
        text: expect.stringContaining('"table":"orders"'),
      });
    }, HELD_WAIT);
    await yes(id);
    await done;
    gateway.settings.masks = [
      { column: "*.orders.status", method: "redact", options: {}, predicates: "any", derived: "deny", exempt: [] },
    ];
    gateway.publish();
    void outcome(run("DELETE FROM orders WHERE status = 'nothing'"));
    await world.held();
    await vi.waitFor(async () => {
      const row = (await world.requests()).at(-1);
      expect(row?.explain).toMatchObject({ ok: false, why: expect.stringContaining("masked columns") });
    }, HELD_WAIT);
  });
});
