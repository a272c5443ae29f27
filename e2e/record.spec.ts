import { eq } from "drizzle-orm";
import { openStore } from "@/lib/db/client";
import { auditEvents } from "@/lib/db/schema";
import { expect, test } from "./support/fixtures";

test("an auditor proves the record, sees what was altered, and takes the key along", async ({ openAs, product }) => {
  test.slow();
  const page = await openAs("Amir", "/audit");
  const proof = page.locator("section", { has: page.getByRole("heading", { name: "Proof of the record" }) });
  await proof.getByRole("button", { name: "Show chains" }).click();
  await expect(proof.getByRole("table", { name: "Chains of the record" })).toContainText("Console");
  await proof.getByRole("button", { name: "Verify now" }).click();
  await expect(proof.getByText("Proven: the record is as it was written.")).toBeVisible();

  const store = openStore(product.databaseUrl, { connections: 1 });
  try {
    const [event] = await store.db
      .select()
      .from(auditEvents)
      .where(eq(auditEvents.action, "console.signed_in"))
      .limit(1);
    if (event === undefined) throw new Error("nobody has signed in");
    const rename = (actorName: string) =>
      store.db.update(auditEvents).set({ actorName }).where(eq(auditEvents.id, event.id));
    await rename("nobody");
    try {
      await proof.getByRole("button", { name: "Verify now" }).click();
      await expect(proof.getByText("Broken: 1 link.")).toBeVisible();
      const link = proof.getByRole("listitem").filter({ hasText: event.id });
      await expect(link).toContainText("is not as it was recorded");
      await link.getByRole("link", { name: "Open the audit event" }).click();
      await expect(page.getByRole("dialog")).toContainText(event.id);
      await page.keyboard.press("Escape");
    } finally {
      await rename(event.actorName);
    }
  } finally {
    await store.close();
  }

  await proof.getByRole("link", { name: "Public key" }).click();
  await expect(page.getByRole("heading", { name: "Keys" })).toBeVisible();
  await expect(page.getByText("-----BEGIN PUBLIC KEY-----")).toBeVisible();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Download PEM" }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/^sallyport-record-[0-9a-f]{16}\.pem$/);
});
