/** Somebody who has not said so for this long no longer looks. Pages say it again at half of that. */
export const LOOKING_SECONDS = 20;
