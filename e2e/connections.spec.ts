import { expect, test } from "./support/fixtures";
import { connectWith } from "./support/gateway-client";
import { accessToken } from "./support/tokens";

test.describe("connections", () => {
  test("are created with a test on the way, work at once, and are deleted only by their typed name", async ({
    openAs,
    product,
  }) => {
    const name = `made-${Date.now() % 1_000_000}`;
    const { port, user, password } = product.upstream;
    const page = await openAs("Ada", "/connections");
    await page.getByRole("button", { name: "New connection" }).click();
    const wizard = page.getByRole("dialog", { name: "New connection" });
    await wizard.getByRole("textbox", { name: "Name", exact: true }).fill(name);
    await wizard.getByRole("textbox", { name: "Host" }).fill("127.0.0.1");
    await wizard.getByRole("textbox", { name: "Port" }).fill(String(port));
    await wizard.getByRole("textbox", { name: /^Default schema/ }).fill("shop");
    await wizard.getByRole("textbox", { name: "User" }).fill(user);
    await wizard.getByLabel("Password").fill("a wrong password");
    await wizard.getByRole("button", { name: "Test the connection" }).click();
    await expect(wizard.getByText("The test failed at", { exact: false }).last()).toBeVisible({ timeout: 30_000 });
    await expect(wizard.getByText("What to do:")).toBeVisible();

    await wizard.getByRole("button", { name: "Back" }).click();
    await wizard.getByLabel("Password").fill(password);
    await wizard.getByRole("button", { name: "Test the connection" }).click();
    await expect(wizard.getByText(/Every step passed|The connection works/).last()).toBeVisible({ timeout: 30_000 });
    await wizard.getByRole("button", { name: "Continue" }).click();

    await wizard.getByLabel("Identity to add").fill("orders-agent");
    await wizard.getByRole("button", { name: "Add" }).click();
    await expect(wizard.getByRole("button", { name: "Create connection" })).toBeDisabled();
    await wizard.getByRole("radio", { name: /Read every table of shop/ }).check();
    await wizard.getByRole("button", { name: "Create connection" }).click();
    await expect(wizard.getByRole("button", { name: `Open ${name}` })).toBeVisible();

    const token = await accessToken(product, "orders-agent");
    await expect(async () => {
      const client = await connectWith(product, token, name);
      await client.query("SELECT COUNT(*) FROM orders");
      await client.end();
    }).toPass({ timeout: 5_000 });

    await wizard.getByRole("button", { name: `Open ${name}` }).click();
    await page.getByRole("link", { name: "Danger" }).click();
    await page.getByRole("button", { name: `Delete ${name}` }).click();
    const dialog = page.getByRole("alertdialog");
    await dialog.getByRole("textbox").fill("shop");
    await expect(dialog.getByRole("button", { name: "Delete connection" })).toBeDisabled();
    await dialog.getByRole("textbox").fill(name);
    await dialog.getByRole("button", { name: "Delete connection" }).click();
    await expect(page).toHaveURL(/\/connections$/);
    await expect(page.getByRole("row").filter({ hasText: name })).toHaveCount(0);

    await page.goto(`/statements?connection=${name}`);
    await expect(page.getByRole("row").filter({ hasText: "SELECT COUNT(*) FROM orders" })).toBeVisible();
  });

  test("never show their password again", async ({ openAs, product }) => {
    const page = await openAs("Ada", "/connections");
    const answers: string[] = [];
    page.on("response", async (response) => {
      if (response.url().startsWith(product.consoleUrl) && response.request().resourceType() !== "eventsource") {
        answers.push(await response.text().catch(() => ""));
      }
    });
    for (const tab of ["connect", "access", "settings", "credential", "account", "activity", "danger"]) {
      await page.goto(`/connections/shop?tab=${tab}`);
      await expect(page.getByRole("heading", { name: "shop", level: 1 })).toBeVisible();
    }
    expect(answers.length).toBeGreaterThan(0);
    expect(answers.filter((text) => text.includes(product.upstream.password))).toEqual([]);
  });
});
