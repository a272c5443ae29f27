import { may, type Permission } from "@/lib/auth/roles";
import { CONSOLE_PAGES, CONSOLE_ROUTES } from "@/lib/auth/routes";
import type { Role } from "@/lib/ctx";
import { expect, test } from "./support/fixtures";
import { type PersonName, signIn } from "./support/people";
import { sampleAddresses } from "./support/samples";

const PEOPLE: readonly { readonly name: PersonName; readonly roles: readonly Role[] }[] = [
  { name: "Ada", roles: ["admin"] },
  { name: "Rita", roles: ["reviewer"] },
  { name: "Amir", roles: ["auditor"] },
];
const NOWHERE = "0".repeat(26);

/** Asks with the person's cookies and does not follow redirects; the answer's body, which may be endless, is not read. */
async function statusOf(url: string, cookie: string, method: string, origin: string): Promise<number> {
  const response = await fetch(url, {
    method,
    redirect: "manual",
    headers: { cookie, ...(method === "GET" ? {} : { origin, "content-type": "application/json" }) },
    ...(method === "GET" ? {} : { body: "{}" }),
  });
  await response.body?.cancel();
  return response.status;
}

test.describe("the role matrix", () => {
  for (const person of PEOPLE) {
    test(`lets ${person.name} into the pages and routes of ${person.roles.join(", ")} and no others`, async ({
      openAs,
      context,
      client,
      product,
    }) => {
      const agent = await client("orders-agent");
      await agent.query("SELECT 'the role matrix needs a statement'");
      void agent.failure("UPDATE orders SET status = 'refunded' WHERE id = 88");
      const page = await openAs("Ada");
      const addresses = await sampleAddresses(page);
      // An open page would go on asking for its stream without the cookies.
      await page.goto("about:blank");
      await context.clearCookies();
      await openAs(person.name);
      const cookie = (await context.cookies(product.consoleUrl))
        .map(({ name, value }) => `${name}=${value}`)
        .join("; ");
      const wrong: string[] = [];
      const check = async (
        method: string,
        path: string,
        permission: Permission,
        allowed: (status: number) => boolean,
      ) => {
        const status = await statusOf(`${product.consoleUrl}${path}`, cookie, method, product.consoleUrl);
        const right = may(person.roles, permission) ? allowed(status) : status === 403;
        if (!right) wrong.push(`${method} ${path} (${permission}) answers ${status}`);
      };
      for (const { path, permission } of CONSOLE_PAGES) {
        await check("GET", addresses.get(path) ?? path, permission, (status) => status === 200);
      }
      for (const { method, path, permission } of CONSOLE_ROUTES) {
        // Whoever may pass gets as far as the question itself, which names nothing that exists.
        await check(method, path.replaceAll(/\[\w+\]/g, NOWHERE), permission, (status) =>
          [200, 400, 404, 422].includes(status),
        );
      }
      expect(wrong).toEqual([]);
    });
  }

  test("keeps people without a role and strangers out of everything", async ({ page, context, product }) => {
    await signIn(page, "Nils");
    const nils = (await context.cookies(product.consoleUrl)).map(({ name, value }) => `${name}=${value}`).join("; ");
    const wrong: string[] = [];
    for (const { path } of CONSOLE_PAGES) {
      const address = `${product.consoleUrl}${path.replaceAll(/\[\w+\]/g, NOWHERE)}`;
      for (const cookie of [nils, ""]) {
        const status = await statusOf(address, cookie, "GET", product.consoleUrl);
        if (status !== 307) wrong.push(`GET ${path} answers ${status}`);
      }
    }
    for (const { method, path } of CONSOLE_ROUTES) {
      const address = `${product.consoleUrl}${path.replaceAll(/\[\w+\]/g, NOWHERE)}`;
      const noRole = await statusOf(address, nils, method, product.consoleUrl);
      if (noRole !== 403) wrong.push(`${method} ${path} answers ${noRole} without a role`);
      const stranger = await statusOf(address, "", method, product.consoleUrl);
      if (stranger !== 401) wrong.push(`${method} ${path} answers ${stranger} to a stranger`);
    }
    expect(wrong).toEqual([]);
  });

  test("refuses changes that another site asks for", async ({ openAs, context, product }) => {
    await openAs("Ada");
    const cookie = (await context.cookies(product.consoleUrl)).map(({ name, value }) => `${name}=${value}`).join("; ");
    for (const { method, path } of CONSOLE_ROUTES.filter((route) => route.method !== "GET")) {
      const address = `${product.consoleUrl}${path.replaceAll(/\[\w+\]/g, NOWHERE)}`;
      expect(await statusOf(address, cookie, method, "https://evil.example"), path).toBe(403);
    }
  });
});
