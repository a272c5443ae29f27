import { expect, it } from "vitest";
import type { Sent } from "@/components/ui/send";
import type { Replay } from "@/lib/recordings/replay-model";
import { sampleReplay, sampleStatement } from "@/lib/recordings/timeline/sample-statements";
import { readWhole } from "./read-whole";

const part = (sequence: number, more: boolean): Sent<Replay> => ({
  ok: true,
  data: { ...sampleReplay([sampleStatement(sequence, sequence)], 10), cursor: `=${sequence}`, more },
});
const lost: Sent<Replay> = {
  ok: false,
  error: { code: "UNAVAILABLE", message: "gone", next: null, problems: [], requestId: "" },
};

it("a session of more statements than one answer holds is read to its end", async () => {
  const answers = new Map([
    ["/r", part(1, true)],
    ["/r?cursor=%3D1", part(2, true)],
    ["/r?cursor=%3D2", part(3, false)],
  ]);
  const whole = await readWhole("/r", async (path) => answers.get(path) ?? lost);
  expect(whole.ok && whole.data.statements.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
});

it("a session that can not be read to its end is not shown as if that were all", async () => {
  expect(await readWhole("/r", async (path) => (path === "/r" ? part(1, true) : lost))).toBe(lost);
});
