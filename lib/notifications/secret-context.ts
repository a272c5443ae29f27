/** What a webhook's sealed secret is bound to: it opens for no other. */
export const secretContext = (webhookId: string) => `webhook:${webhookId}`;
