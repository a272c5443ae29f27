// What the person at the terminal sees while the set-up works: one line a step, with the seconds since the start.
const started = performance.now();
const colours = process.stdout.isTTY && !process.env.NO_COLOR;

/** @param {string} code @param {string} text */
const paint = (code, text) => (colours ? `\x1b[${code}m${text}\x1b[0m` : text);

/** @param {string} text */
export const bold = (text) => paint("1", text);
/** @param {string} text */
export const dim = (text) => paint("2", text);

function seconds() {
  return ((performance.now() - started) / 1000).toFixed(1).padStart(6);
}

/** A step was begun or done. @param {string} text */
export function step(text) {
  console.log(`${dim(`[${seconds()} s]`)} ${text}`);
}

/** Something the person should know, the work goes on. @param {string} text */
export function warn(text) {
  console.error(`${dim(`[${seconds()} s]`)} ${paint("33", "warning:")} ${text}`);
}

/** The work ends here. @param {string} text */
export function complain(text) {
  console.error(`\n${paint("31", "Cannot go on:")} ${text}`);
}

const PATIENCE_MS = 15_000;

/** Says now and then that something long still goes on. @template T @param {string} what @param {Promise<T>} work @returns {Promise<T>} */
export async function patiently(what, work) {
  const beat = setInterval(() => step(dim(`... still ${what}`)), PATIENCE_MS);
  try {
    return await work;
  } finally {
    clearInterval(beat);
  }
}
