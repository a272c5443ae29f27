import { PRODUCT_DIR_VARIABLE } from "../support/product";
import { startProduct } from "../support/product-setup";
import { applyTestPolicy } from "../support/test-policy";

/** One product for all clients, without the console; none of these tests may change what another one sees. */
export default async function setup(): Promise<() => Promise<void>> {
  const { dataDir, stop } = await startProduct(["--without-console"]);
  process.env[PRODUCT_DIR_VARIABLE] = dataDir;
  await applyTestPolicy(dataDir);
  return stop;
}
