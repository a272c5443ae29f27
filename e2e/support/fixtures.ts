import { type BrowserContext, test as base, expect, type Locator, type Page } from "@playwright/test";
import { type GatewayClient, openGatewayClient } from "./gateway-client";
import { type PersonName, signIn } from "./people";
import { type Product, runningProduct } from "./product";
import { awaitStreamedParts } from "./streamed-parts";
import type { MachineClientId } from "./tokens";
import { watchPages } from "./watch-page";

export const PHONE = { width: 390, height: 844 };

type StorageState = Awaited<ReturnType<ReturnType<Page["context"]>["storageState"]>>;

interface TestFixtures {
  /** What the page may complain about in its console, e.g. the 403 that the test is about. */
  readonly expectedComplaints: readonly RegExp[];
  /** Opens the console as this person, who has a role, signed in through the IdP. */
  readonly openAs: (person: PersonName, path?: string) => Promise<Page>;
  /** The same in a browser of its own, for a second person; closed after the test. */
  readonly openAlsoAs: (person: PersonName, path?: string, phone?: boolean) => Promise<Page>;
  /** Logs a real MySQL client in at the gateway; closed after the test. */
  readonly client: (id: MachineClientId) => Promise<GatewayClient>;
}

interface WorkerFixtures {
  readonly product: Product;
  /** Cookies of people who signed in before, so that each clicks through the IdP once. */
  readonly signedIn: Map<PersonName, StorageState>;
}

/** Every test fails when a page logs an error, throws, or breaks its content security policy. */
export const test = base.extend<TestFixtures, WorkerFixtures>({
  product: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from this pattern
    async ({}, use) => use(runningProduct()),
    { scope: "worker" },
  ],
  // biome-ignore lint/correctness/noEmptyPattern: as above
  signedIn: [async ({}, use) => use(new Map()), { scope: "worker" }],
  baseURL: async ({ product }, use) => use(product.consoleUrl),
  expectedComplaints: [[], { option: true }],

  context: async ({ context, expectedComplaints }, use) => {
    const complaints: string[] = [];
    watchPages(context, complaints);
    awaitStreamedParts(context);
    await use(context);
    const unexpected = complaints.filter((text) => !expectedComplaints.some((pattern) => pattern.test(text)));
    expect(unexpected, "the browser's complaints").toEqual([]);
  },

  openAs: async ({ context, page, signedIn }, use) => {
    await use(async (person, path = "/") => {
      const known = signedIn.get(person);
      if (known === undefined) {
        await signIn(page, person);
        signedIn.set(person, await context.storageState());
      } else {
        await context.addCookies(known.cookies);
      }
      await page.goto(path);
      // Keys and live updates work once the page's own code runs and its stream is open.
      await expect(page.locator('header [role="status"]').getByText("Live", { exact: true })).toBeAttached();
      return page;
    });
  },

  openAlsoAs: async ({ browser, product, signedIn }, use) => {
    const complaints: string[] = [];
    const open: BrowserContext[] = [];
    await use(async (person, path = "/", phone = false) => {
      const known = signedIn.get(person);
      const context = await browser.newContext({
        baseURL: product.consoleUrl,
        ...(phone ? { viewport: PHONE, hasTouch: true } : {}),
        ...(known === undefined ? {} : { storageState: known }),
      });
      open.push(context);
      watchPages(context, complaints);
      awaitStreamedParts(context);
      const page = await context.newPage();
      if (known === undefined) {
        await signIn(page, person);
        signedIn.set(person, await context.storageState());
      }
      await page.goto(path);
      await expect(page.locator('header [role="status"]').getByText("Live", { exact: true })).toBeAttached();
      return page;
    });
    await Promise.all(open.map((context) => context.close()));
    expect(complaints, "the other browsers' complaints").toEqual([]);
  },

  client: async ({ product }, use) => {
    const open: GatewayClient[] = [];
    await use(async (id) => {
      const client = await openGatewayClient(product, id);
      open.push(client);
      return client;
    });
    await Promise.all(open.map((client) => client.close()));
  },
});

/** Reads the page again until the record stands there: the gateway writes in batches, a moment after the client has its answer. */
export async function reloadUntilVisible(page: Page, record: Locator): Promise<void> {
  await expect(async () => {
    await page.reload();
    await expect(record).toBeVisible({ timeout: 2_000 });
  }).toPass();
}

export { expect };
