import { z } from "zod";
import type { ShipperState } from "./shipper";

/** What a shipper's thread is started with. */
export const shipperSettings = z.object({
  databaseUrl: z.string(),
  /** 32 bytes; the chain's signing key is made from it. */
  masterKey: z.custom<Uint8Array>((value) => value instanceof Uint8Array),
  gatewayId: z.string().length(26),
  name: z.string(),
  root: z.string(),
  directory: z.string(),
  position: z.instanceof(SharedArrayBuffer),
  logLevel: z.string(),
});
export type ShipperSettings = z.output<typeof shipperSettings>;

export type ToShipper = { readonly kind: "close"; readonly timeoutMs: number };
export type FromShipper =
  | { readonly kind: "state"; readonly state: ShipperState }
  | { readonly kind: "closed"; readonly state: ShipperState; readonly complete: boolean };
