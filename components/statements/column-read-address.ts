/** The report of who got a column's values on a connection. */
export function whoSawHref(connection: string, column: string): string {
  return `/statements/columns?${new URLSearchParams({ connection, column })}`;
}
