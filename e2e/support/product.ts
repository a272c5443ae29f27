import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Set by the set-up for the tests' processes; set it yourself to test a product that `npm start` runs already in that DATA_DIR. */
export const PRODUCT_DIR_VARIABLE = "E2E_DATA_DIR";

/** In the data directory: what `npm start` printed. */
export const PRINTED_FILE = "printed.txt";

/** Where the parts of the running product are; what `npm start` wrote to DATA_DIR/env.json. */
export interface Product {
  readonly dataDir: string;
  readonly consoleUrl: string;
  readonly issuer: string;
  readonly audience: string;
  readonly gatewayPort: number;
  /** PEM of the authority that signed the gateway's certificate. */
  readonly gatewayCa: string;
  /** What `npm start` printed. */
  readonly printed: string;
  /** The store, for what no page can make: rows of long ago. */
  readonly databaseUrl: string;
  /** Signs what a test records in the product's store. */
  readonly masterKey: Buffer;
  /** The demo database behind the gateway. */
  readonly upstream: { readonly port: number; readonly user: string; readonly password: string };
}

/** Reads where the product runs. Throws when it was not started. */
export function runningProduct(): Product {
  const dataDir = process.env[PRODUCT_DIR_VARIABLE];
  if (dataDir === undefined) {
    throw new Error(`${PRODUCT_DIR_VARIABLE} is not set: the set-up did not start the product`);
  }
  const variables: Readonly<Record<string, string>> = JSON.parse(readFileSync(join(dataDir, "env.json"), "utf8"));
  const value = (name: string): string => {
    const text = variables[name];
    if (text === undefined) throw new Error(`${name} is missing in ${dataDir}/env.json`);
    return text;
  };
  return {
    dataDir,
    consoleUrl: value("CONSOLE_URL"),
    issuer: value("OIDC_ISSUER"),
    audience: value("OIDC_AUDIENCE"),
    gatewayPort: Number(value("GATEWAY_PORT")),
    gatewayCa: readFileSync(value("GATEWAY_TLS_CA"), "utf8"),
    printed: readFileSync(join(dataDir, PRINTED_FILE), "utf8"),
    databaseUrl: value("DATABASE_URL"),
    masterKey: Buffer.from(value("SALLYPORT_MASTER_KEY"), "base64"),
    upstream: { port: Number(value("DEV_DB_PORT")), user: "shop_app", password: value("SHOP_PASSWORD") },
  };
}
