/** What a stream's sealed secret is bound to: it opens for no other. */
export const streamSecretContext = (streamId: string) => `stream:${streamId}`;
