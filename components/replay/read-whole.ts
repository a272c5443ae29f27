import type { Sent } from "@/components/ui/send";
import type { Replay } from "@/lib/recordings/replay-model";
import { mergeReplay } from "@/lib/recordings/timeline/merge";

/** Reads a session's replay with all of its statements, however many answers they take. */
export async function readWhole(base: string, read: (path: string) => Promise<Sent<Replay>>): Promise<Sent<Replay>> {
  let known = await read(base);
  while (known.ok && known.data.more) {
    const next = await read(`${base}?cursor=${encodeURIComponent(known.data.cursor)}`);
    known = next.ok ? { ok: true, data: mergeReplay(known.data, next.data) } : next;
  }
  return known;
}
