/** The Masks page for one connection, with the search that finds a column. */
export function masksHref(connection: string, column?: string): string {
  const query = new URLSearchParams({ connection, ...(column === undefined ? {} : { q: column }) });
  return `/masks?${query}`;
}
