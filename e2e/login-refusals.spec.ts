import { generateKeyPair, SignJWT } from "jose";
import mysql from "mysql2/promise";
import { expect, reloadUntilVisible, test } from "./support/fixtures";
import { connectWith, refusalOf } from "./support/gateway-client";
import type { Product } from "./support/product";
import { accessToken, signedToken, unsignedToken } from "./support/tokens";

/** Signed by a key that the IdP does not know. */
async function foreignSignature(product: Product): Promise<string> {
  const { privateKey } = await generateKeyPair("RS256");
  return new SignJWT({ scope: "mysql:connect", client_id: "orders-agent" })
    .setProtectedHeader({ alg: "RS256", kid: "unknown", typ: "at+jwt" })
    .setIssuer(product.issuer)
    .setSubject("orders-agent")
    .setAudience(product.audience)
    .setIssuedAt()
    .setExpirationTime("5m")
    .sign(privateKey);
}

const TOKENS: readonly [string, (product: Product) => Promise<string>, RegExp][] = [
  ["signed by somebody else", foreignSignature, /sign|key/i],
  ["that has expired", (product) => signedToken(product, { exp: Math.floor(Date.now() / 1000) - 3600 }), /expired/i],
  [
    "for another API",
    (product) => accessToken(product, "orders-agent", "urn:example:billing"),
    /not meant for this gateway/,
  ],
  ["with the algorithm none", async (product) => unsignedToken(product), /algorithm|alg/i],
  ["that is no token at all", async () => "correct horse battery staple", /token/i],
];

test.describe("the gateway refuses a token", () => {
  for (const [what, make, reason] of TOKENS) {
    test(`${what}, says why, and the audit trail shows it`, async ({ openAs, product }) => {
      const refusal = await refusalOf(connectWith(product, await make(product)));
      expect(refusal.errno).toBe(1045);
      expect(refusal.message).toMatch(reason);
      const event = /event=(\w+)/.exec(refusal.message)?.[1] ?? "";
      expect(event).not.toBe("");

      // The address opens the event whatever the list beside it shows.
      const page = await openAs("Amir", `/audit?action=connection.created&event=${event}`);
      const sheet = page.getByRole("dialog").filter({ hasText: event });
      await reloadUntilVisible(page, sheet);
      await expect(sheet).toContainText(reason);
    });
  }

  test("without TLS before the token is sent, and the audit trail shows it", async ({ openAs, product }) => {
    const refusal = await refusalOf(
      mysql.createConnection({
        host: "localhost",
        port: product.gatewayPort,
        user: "shop",
        password: await accessToken(product, "orders-agent"),
      }),
    );
    expect(refusal.errno).toBe(1045);
    expect(refusal.message).toMatch(/TLS/);

    const page = await openAs("Amir", "/audit?result=refused");
    await reloadUntilVisible(page, page.getByRole("row").filter({ hasText: "TLS" }).first());
  });

  test("of somebody whom no policy binds to the connection", async ({ openAs, product }) => {
    const refusal = await refusalOf(connectWith(product, await accessToken(product, "e2e-agent")));
    expect(refusal.errno).toBe(1045);
    const page = await openAs("Amir", "/audit?result=refused");
    await reloadUntilVisible(page, page.getByRole("row").filter({ hasText: "e2e-agent" }).first());
  });
});
