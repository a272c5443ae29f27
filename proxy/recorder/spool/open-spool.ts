import type { Logger } from "pino";
import type { Env } from "@/lib/config/env";
import { SallyportError } from "@/lib/errors/error";
import { Spool } from "./spool";

/** The spool of a gateway in `root`, as its environment says. Throws INVALID_CONFIG when the folder can not be used. */
export function openSpool(root: string, gatewayId: string, settings: Env<"spool">, log: Logger): Spool {
  const { SPOOL_SEGMENT_BYTES, SPOOL_MAX_BYTES, SPOOL_FSYNC } = settings;
  try {
    return new Spool({
      folder: root,
      gatewayId,
      segmentBytes: SPOOL_SEGMENT_BYTES,
      maxBytes: SPOOL_MAX_BYTES,
      fsync: SPOOL_FSYNC,
      onFailing: (err) => {
        if (err === null) log.info("the spool can be written again");
        else log.error({ err }, "the spool cannot be written: statements are refused");
      },
    });
  } catch (cause) {
    throw new SallyportError("INVALID_CONFIG", `The spool's folder ${root} cannot be used`, {
      next: "Name a folder in SPOOL_DIR (or DATA_DIR) that the gateway may write to",
      cause,
    });
  }
}
