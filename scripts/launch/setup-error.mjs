/** An expected failure of the set-up: its message says what happened and what to do, and is printed without a stack. */
export class SetupError extends Error {
  /** @param {string} message @param {{ cause?: unknown }} [options] */
  constructor(message, options) {
    super(message, options);
    this.name = "SetupError";
  }
}
