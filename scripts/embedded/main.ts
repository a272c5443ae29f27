import { join } from "node:path";
import { endProcessChain } from "@/lib/chain/beat";
import { startProcessChain } from "@/lib/chain/process-chain";
import { env } from "@/lib/config/env";
import { openStore } from "@/lib/db/client";
import { migrate } from "@/lib/db/migrate";
import { SallyportError } from "@/lib/errors/error";
import { seedShop } from "../shop/seed";
import { ensureDemoConfiguration } from "./demo-configuration";
import { ensureTls } from "./tls";

/** Prepares the embedded default once its database answers. Prints one line for each thing that it had to make. */
async function main(): Promise<void> {
  const { DATABASE_URL } = env("store");
  const { SHOP_OWNER_URL, SHOP_PASSWORD, DEV_DB_PORT } = env("embedded");
  const [certificate, seeded] = await Promise.all([
    ensureTls(env("process").DATA_DIR),
    seedShop(SHOP_OWNER_URL),
    migrate(DATABASE_URL, join(process.cwd(), "drizzle")),
  ]);
  if (certificate) {
    console.log("TLS certificate made");
  }
  if (seeded) {
    console.log("demo database shop filled");
  }
  const store = openStore(DATABASE_URL, { connections: 1 });
  startProcessChain("command", "demo set-up");
  try {
    if (await ensureDemoConfiguration(store.db, { port: DEV_DB_PORT, password: SHOP_PASSWORD })) {
      console.log("demo connection published");
    }
    await endProcessChain(store.db);
  } finally {
    await store.close();
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof SallyportError ? `${error.message}. ${error.next ?? ""}` : error);
  process.exitCode = error instanceof SallyportError ? error.exitCode : 1;
});
