const TELL_EVERY_MS = { terminal: 100, file: 5_000 };

/** Says on stderr how far it is; on a terminal on one line. */
export function progressTeller(): { say(text: string): void; end(): void } {
  const terminal = process.stderr.isTTY === true;
  let last = Date.now();
  let told = false;
  return {
    say: (text) => {
      if (Date.now() - last < (terminal ? TELL_EVERY_MS.terminal : TELL_EVERY_MS.file)) return;
      last = Date.now();
      told = true;
      process.stderr.write(terminal ? `\r\x1b[K${text}` : `${text}\n`);
    },
    end: () => {
      if (terminal && told) process.stderr.write("\r\x1b[K");
    },
  };
}
