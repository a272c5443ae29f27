/** Where people open a request in the console: in refusals to clients, in messages, in copied links. */
export function approvalLink(consoleUrl: string, id: string): string {
  return new URL(`/approvals/${id}`, consoleUrl).toString();
}
