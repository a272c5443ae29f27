import type { MessagePort } from "node:worker_threads";
import { startProcessChain } from "@/lib/chain/process-chain";
import { signerFrom } from "@/lib/chain/signer";
import { openStore } from "@/lib/db/client";
import { createLog } from "../../log";
import { SharedPosition } from "../spool/position";
import { Shipper } from "./shipper";
import type { FromShipper, ShipperSettings, ToShipper } from "./thread-messages";

const STATE_EVERY_MS = 250;
/** One for the own spool, one for an adopted one, and one for what is asked meanwhile. */
const CONNECTIONS = 3;

/** Ships as long as nobody says `close`; tells how far it is. */
export function runShipper(settings: ShipperSettings, port: Pick<MessagePort, "on" | "postMessage" | "close">): void {
  const { databaseUrl, masterKey, gatewayId, name, root, directory, position, logLevel } = settings;
  const store = openStore(databaseUrl, { connections: CONNECTIONS });
  const signer = signerFrom(Buffer.from(masterKey));
  startProcessChain("gateway_direct", `${name} (shipper)`, () => signer);
  const shipper = new Shipper({
    ...{ store, gatewayId, name, root, directory },
    signer,
    log: createLog(logLevel, { name: "gateway", part: "shipper" }),
    position: new SharedPosition(position),
  });
  const tell = (message: FromShipper) => port.postMessage(message);
  const timer = setInterval(() => tell({ kind: "state", state: shipper.state }), STATE_EVERY_MS);
  const close = async (timeoutMs: number) => {
    const complete = await shipper.close(timeoutMs);
    clearInterval(timer);
    await store.close().catch(() => undefined);
    tell({ kind: "closed", state: shipper.state, complete });
    port.close();
  };
  port.on("message", (message: ToShipper) => {
    void close(message.timeoutMs);
  });
}
