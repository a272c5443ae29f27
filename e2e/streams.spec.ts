import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { signatureOf } from "@/lib/notifications/signature";
import { expect, test } from "./support/fixtures";

interface Received {
  readonly id: string;
  readonly timestamp: number;
  readonly signature: string;
  readonly body: string;
}

// The first address is refused with this status, which Chromium logs.
test.use({ expectedComplaints: [/status of 400/] });

test("an event stream is made, tested, gets what is recorded with a signature that verifies, is paused and deleted", async ({
  openAs,
}) => {
  test.slow();
  const received: Received[] = [];
  let status = 200;
  const receiver = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    const { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signature } = request.headers;
    if (status === 200)
      received.push({ id: String(id), timestamp: Number(timestamp), signature: String(signature), body });
    response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/events`;
  const name = `siem-${Date.now() % 1_000_000}`;
  const events = () =>
    received.flatMap((post) =>
      post.body
        .split("\n")
        .filter((line) => line !== "")
        .map((line): Record<string, unknown> => JSON.parse(line)),
    );

  try {
    const page = await openAs("Ada", "/settings");
    await page.getByRole("link", { name: "Open Event streams" }).click();
    await page.getByRole("button", { name: "New stream" }).click();
    await page.getByRole("textbox", { name: "Name" }).fill(name);
    await page.getByRole("textbox", { name: "Address" }).fill("http://169.254.169.254/latest");
    await page.getByRole("button", { name: "Create" }).click();
    await expect(page.getByText(/must start with https/)).toBeVisible();
    await page.getByRole("textbox", { name: "Address" }).fill(address);
    await page.getByRole("button", { name: "Create" }).click();
    const secret = (await page.getByRole("region", { name: "Signing secret" }).innerText()).trim();
    expect(secret).toMatch(/^whsec_/);
    await page.getByRole("button", { name: /go on to test/ }).click();

    await page.getByRole("button", { name: "Send a test event" }).click();
    await expect(page.getByText("The test event was taken")).toBeVisible();
    const [first] = received;
    expect(first?.signature).toBe(signatureOf(secret, first?.id ?? "", first?.timestamp ?? 0, first?.body ?? ""));
    // The event of the test itself is recorded, and comes by the stream.
    await expect
      .poll(() => events().some((event) => event["event.name"] === "sallyport.stream.tested"), { timeout: 30_000 })
      .toBe(true);
    const told = events().find((event) => event["event.name"] === "sallyport.stream.tested");
    expect(told).toMatchObject({ "user.name": "Ada Admin", "sallyport.object.name": name, severity_text: "INFO" });
    expect(told?.["sallyport.record.sha256"]).toMatch(/^[0-9a-f]{64}$/);

    status = 503;
    await page.getByRole("checkbox", { name: "Statements too" }).click();
    await page.getByRole("button", { name: "Save" }).click();
    await expect(async () => {
      await page.reload();
      await expect(page.getByText("The receiver answered 503")).toBeVisible({ timeout: 1_000 });
    }).toPass();
    await expect(page.getByText("Failing", { exact: true })).toBeVisible();
    status = 200;
    await expect(async () => {
      await page.reload();
      await expect(page.getByText("Up to date", { exact: true })).toBeVisible({ timeout: 1_000 });
    }).toPass();

    await page.getByRole("checkbox", { name: "On", exact: true }).click();
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByText("Paused", { exact: true })).toBeVisible();
    await page.goto("/settings/streams");
    await page.getByRole("link", { name }).click();
    await page.getByRole("button", { name: "Delete" }).click();
    const dialog = page.getByRole("alertdialog");
    await dialog.getByRole("textbox").fill(name);
    await dialog.getByRole("button", { name: "Delete stream" }).click();
    await expect(page).toHaveURL(/\/settings\/streams$/);
    await expect(page.getByRole("link", { name })).toHaveCount(0);
  } finally {
    receiver.closeAllConnections();
    receiver.close();
  }
});
