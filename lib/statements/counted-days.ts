/** Without a time in the filter, statements of this many days are counted. */
export const COUNTED_DAYS = 30;
