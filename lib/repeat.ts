/** Work that a process does over and over. */
export interface Repeating {
  /** No further round begins; resolves when the running one is over. */
  stop(): Promise<void>;
}

/** After failures the pause grows to this at most. */
const LONGEST_PAUSE_MS = 30_000;

/** Does `work` again `everyMs` after it has ended, never twice at once; after a failure later and later. It keeps no process alive. */
export function repeat(work: () => Promise<unknown>, everyMs: number, onError: (error: unknown) => void): Repeating {
  let stopped = false;
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let running: Promise<void> = Promise.resolve();
  const plan = () => {
    timer = setTimeout(
      () => {
        running = round();
      },
      Math.min(everyMs * 2 ** failures, Math.max(LONGEST_PAUSE_MS, everyMs)),
    );
    timer.unref();
  };
  async function round(): Promise<void> {
    try {
      await work();
      failures = 0;
    } catch (error) {
      failures = Math.min(failures + 1, 20);
      onError(error);
    }
    if (!stopped) plan();
  }
  plan();
  return {
    stop: () => {
      stopped = true;
      if (timer !== null) clearTimeout(timer);
      return running;
    },
  };
}
