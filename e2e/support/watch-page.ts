import type { BrowserContext } from "@playwright/test";

/** Writes down every error that pages of the context log or throw; Chromium logs breaches of the content security policy as errors. */
export function watchPages(context: BrowserContext, complaints: string[]): void {
  context.on("console", (message) => {
    if (message.type() === "error") complaints.push(`${message.text()} (${message.location().url})`);
  });
  context.on("weberror", (error) => complaints.push(String(error.error())));
}
