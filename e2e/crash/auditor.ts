import { setTimeout as delay } from "node:timers/promises";
import { FormBrowser } from "@/scripts/testing/form-browser";
import type { World } from "./world";

const RETRY_MS = 50;
const PERSON = "amir";

/** An auditor who exports statements over and over, each time with a search of its own, and signs in again whenever the console has died. */
export class Auditor {
  /** Searches whose file came whole: each must have left its event. */
  readonly exported: string[] = [];
  /** What went wrong last. */
  trouble: unknown = null;
  readonly #world: World;
  readonly #run: number;
  #stopping = false;
  #working: Promise<void> = Promise.resolve();

  constructor(world: World, run: number) {
    this.#world = world;
    this.#run = run;
  }

  start(): void {
    this.#working = this.#work();
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#working;
  }

  async #work(): Promise<void> {
    let browser: FormBrowser | null = null;
    for (let count = 0; !this.#stopping; count += 1) {
      try {
        browser ??= await this.#signIn();
        await this.#export(browser, `search ${this.#run}-${count}`);
      } catch (error) {
        this.trouble = error;
        browser = null;
        await delay(RETRY_MS);
      }
    }
  }

  async #signIn(): Promise<FormBrowser> {
    const { CONSOLE_URL: console = "" } = this.#world.variables;
    const browser = new FormBrowser();
    await browser.open(`${console}/api/auth/csrf`);
    const { csrfToken } = JSON.parse(browser.text);
    await browser.open(`${console}/api/auth/signin/oidc`, {
      method: "POST",
      headers: { origin: console },
      body: new URLSearchParams({ csrfToken, callbackUrl: "/audit", json: "true" }),
    });
    const { url } = JSON.parse(browser.text);
    if (typeof url !== "string") throw new Error(`the console gives no address to sign in: ${browser.text}`);
    await browser.open(url);
    await browser.submit(/\/login"/, { sub: PERSON });
    if (browser.status !== 200) throw new Error(`signing in ended with ${browser.status}`);
    return browser;
  }

  async #export(browser: FormBrowser, text: string): Promise<void> {
    const { CONSOLE_URL: console = "" } = this.#world.variables;
    await browser.open(`${console}/api/statements/export`, {
      method: "POST",
      headers: { origin: console, "content-type": "application/json" },
      body: JSON.stringify({ format: "csv", query: new URLSearchParams({ q: text }).toString() }),
    });
    if (browser.status !== 200) throw new Error(`the export ended with ${browser.status}`);
    this.exported.push(text);
  }
}
