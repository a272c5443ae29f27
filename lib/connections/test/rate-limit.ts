import { SallyportError } from "@/lib/errors/error";

const WINDOW_MS = 60_000;
const PER_WINDOW = 10;
const AT_ONCE = 2;

interface Use {
  starts: number[];
  running: number;
}

/** Per person, in this process: a test makes this machine connect somewhere, so it must not serve as a scanner. */
const uses = new Map<string, Use>();

/** Takes a place for one test, or throws RATE_LIMITED. Call the result when the test is over. `now` in milliseconds. */
export function takeTestPlace(actorId: string, now: number = Date.now()): () => void {
  for (const [id, use] of uses) {
    use.starts = use.starts.filter((start) => start > now - WINDOW_MS);
    if (use.starts.length === 0 && use.running === 0) uses.delete(id);
  }
  const use = uses.get(actorId) ?? { starts: [], running: 0 };
  if (use.running >= AT_ONCE || use.starts.length >= PER_WINDOW) {
    throw new SallyportError("RATE_LIMITED", `At most ${PER_WINDOW} connection tests a minute, ${AT_ONCE} at once`, {
      next: "Wait a minute and test again",
    });
  }
  use.starts.push(now);
  use.running++;
  uses.set(actorId, use);
  let held = true;
  return () => {
    if (held) use.running--;
    held = false;
  };
}
