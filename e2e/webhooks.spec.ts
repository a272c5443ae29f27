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

test("a webhook is made, tested, told of a request with a signature that verifies, sent again and deleted", async ({
  openAs,
  client,
}) => {
  test.slow();
  const received: Received[] = [];
  const receiver = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    const { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signature } = request.headers;
    received.push({ id: String(id), timestamp: Number(timestamp), signature: String(signature), body });
    response.end("thanks");
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
  const name = `hook-${Date.now() % 1_000_000}`;

  try {
    const page = await openAs("Ada", "/settings");
    await page.getByRole("link", { name: "Open Webhooks" }).click();
    await page.getByRole("button", { name: "New webhook" }).click();
    await page.getByRole("textbox", { name: "Name" }).fill(name);
    await page.getByRole("textbox", { name: "Address" }).fill("http://169.254.169.254/latest");
    await page.getByRole("button", { name: "Create" }).click();
    await expect(page.getByText(/must start with https/)).toBeVisible();
    await page.getByRole("textbox", { name: "Address" }).fill(address);
    await page.getByRole("button", { name: "Create" }).click();
    const secret = (await page.getByRole("region", { name: "Signing secret" }).innerText()).trim();
    expect(secret).toMatch(/^whsec_/);
    await page.getByRole("button", { name: /go on to test/ }).click();

    await page.getByRole("button", { name: "Send a test" }).click();
    await expect(page.getByText("The receiver answered 200")).toBeVisible();
    const [test1] = received;
    expect(test1?.signature).toBe(signatureOf(secret, test1?.id ?? "", test1?.timestamp ?? 0, test1?.body ?? ""));

    const agent = await client("orders-agent");
    // Nobody has asked for it before: the identical open request would not be told of again.
    const order = Date.now();
    void agent.failure(`UPDATE orders SET status = 'refunded' WHERE id = ${order}`);
    await expect.poll(() => received.map((one) => JSON.parse(one.body).type)).toContain("approval.requested");
    const told = received.find((one) => one.body.includes("approval.requested"));
    expect(told?.signature).toBe(signatureOf(secret, told?.id ?? "", told?.timestamp ?? 0, told?.body ?? ""));
    expect(told?.body).toContain("UPDATE orders SET status = ? WHERE id = ?");
    const { link } = JSON.parse(told?.body ?? "{}").data;

    const log = page.getByRole("table", { name: "Deliveries" });
    await expect(async () => {
      await page.reload();
      await expect(log.getByRole("row").filter({ hasText: "Approval requested" })).toContainText("Delivered", {
        timeout: 1_000,
      });
    }).toPass();
    await log.getByRole("button", { name: "Approval requested" }).click();
    await page.getByRole("button", { name: "Send again" }).click();
    await expect.poll(() => received.filter((one) => one.id === told?.id)).toHaveLength(2);

    await page.goto(String(link));
    await expect(page.getByRole("article", { name: "Request" })).toContainText(`WHERE id = ${order}`);
    await page.goto("/settings/webhooks");
    await page.getByRole("link", { name }).click();
    await page.getByRole("button", { name: "Delete" }).click();
    const dialog = page.getByRole("alertdialog");
    await dialog.getByRole("textbox").fill(name);
    await dialog.getByRole("button", { name: "Delete webhook" }).click();
    await expect(page).toHaveURL(/\/settings\/webhooks$/);
    await expect(page.getByRole("link", { name })).toHaveCount(0);
  } finally {
    receiver.closeAllConnections();
    receiver.close();
  }
});
