import { describe, expect, it, vi } from "vitest";
import type { Sent } from "@/components/ui/send";
import type { StatementReplay } from "@/lib/recordings/replay-model";
import { sampleStatement } from "@/lib/recordings/timeline/sample-statements";
import { StatementSource } from "./statement-source";

function answer(id: string, from: number, recorded: number): StatementReplay {
  return {
    statement: { ...sampleStatement(1, 0), id },
    sql: "SELECT 1",
    sqlBytes: 8,
    sqlCut: false,
    defaultSchema: null,
    parameters: null,
    decision: { effect: "allow", policyName: null, ruleName: null, reason: null, exempt: [] },
    error: null,
    missing: null,
    results: [
      {
        kind: "rows",
        columns: [{ name: "a", type: "int", masked: null }],
        from,
        rows: [[String(from)]],
        rowsAtUs: [from],
        recorded,
        leftOut: null,
      },
    ],
    firstByteUs: null,
  };
}

/** A source beside a console that notes what it is asked for, and answers at once, or never when it is told to. */
function sourceWithConsole(silent = false) {
  const asked: string[] = [];
  const aborted: string[] = [];
  const source = new StatementSource("/r", (path, signal): Promise<Sent<StatementReplay>> => {
    const [, id = "", from = "0"] = /^\/r\/(\w+)\?from=(\d+)&rows=500$/.exec(path) ?? [];
    asked.push(`${id}@${from}`);
    signal.addEventListener("abort", () => aborted.push(id));
    return silent ? new Promise(() => undefined) : Promise.resolve({ ok: true, data: answer(id, Number(from), 2000) });
  });
  return { source, asked, aborted };
}
const settled = () => new Promise((done) => setImmediate(done));

describe("the source of statements", () => {
  it("asks for the one on the screen first, then its neighbours, each once", async () => {
    const { source, asked } = sourceWithConsole();
    source.want(["b", "c", "a"], 0);
    await settled();
    source.want(["c", "d", "b"], 1000);
    await settled();
    expect(asked).toEqual(["b@0", "c@0", "a@0", "d@0"]);
    expect(source.get("d").at).toBe("done");
  });

  it("asks for what is still wanted when the playhead pauses, and not for all it passed", async () => {
    vi.useFakeTimers();
    const { source, asked, aborted } = sourceWithConsole(true);
    for (let at = 0; at < 50; at += 1) source.want([`s${at}`], at);
    expect(asked).toEqual(["s0@0"]);
    expect(aborted).toEqual(["s0"]);
    vi.advanceTimersByTime(100);
    expect(asked).toEqual(["s0@0", "s49@0"]);
    vi.useRealTimers();
  });

  it("forgets what was looked at longest ago", async () => {
    const { source } = sourceWithConsole();
    for (let at = 0; at < 40; at += 1) {
      source.want([`s${at}`], at * 1000);
      await settled();
    }
    expect(source.get("s0").at).toBe("loading");
    expect(source.get("s20").at).toBe("done");
  });

  it("reads rows by windows, each asked for once", async () => {
    const { source, asked } = sourceWithConsole();
    source.want(["a"], 0);
    await settled();
    expect(source.rows("a", 0, 0)?.rows).toEqual([["0"]]);
    source.wantRows("a", 0, 500);
    source.wantRows("a", 0, 500);
    expect(source.rows("a", 0, 500)).toBeNull();
    await settled();
    expect(source.rows("a", 0, 500)?.rows).toEqual([["500"]]);
    expect(asked).toEqual(["a@0", "a@500"]);
  });

  it.each([0, 500])(
    "puts the window from %i together where an answer has few of its rows, one question at a time",
    async (from) => {
      const asked: string[] = [];
      const source = new StatementSource("/r", async (path) => {
        const [, at = "0", count = "0"] = /\?from=(\d+)&rows=(\d+)$/.exec(path) ?? [];
        asked.push(`${at}+${count}`);
        const whole = answer("a", Number(at), 502);
        const [rows] = whole.results;
        if (rows?.kind !== "rows") throw new Error("the answer has rows");
        return { ok: true, data: { ...whole, results: [{ ...rows, rows: [[at]], rowsAtUs: [Number(at)] }] } };
      });
      source.want(["a"], 0);
      await settled();
      if (from > 0) source.wantRows("a", 0, from);
      await settled();
      for (let time = 0; time < 2; time += 1) {
        source.wantRows("a", 0, from);
        source.wantRows("a", 0, from);
        await settled();
      }
      const rows = source.rows("a", 0, from);
      // The result ends at row 502, the first window behind row 500.
      const here = from === 0 ? [0, 1, 2] : [500, 501];
      expect(rows?.rows).toEqual(here.map((at) => [String(at)]));
      expect(rows?.rowsAtUs).toEqual(here);
      expect(asked.slice(from === 0 ? 1 : 2)).toEqual(from === 0 ? ["1+499", "2+498"] : ["501+499"]);
    },
  );

  it("asks again for a statement that changed, and shows what it knew until then", async () => {
    const { source, asked } = sourceWithConsole();
    source.want(["a"], 0);
    await settled();
    source.renew("a");
    expect(source.get("a").at).toBe("done");
    await settled();
    expect(asked).toEqual(["a@0", "a@0"]);
  });
});
