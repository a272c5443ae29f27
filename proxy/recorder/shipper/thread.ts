import { parentPort, workerData } from "node:worker_threads";
import { runShipper } from "./run-shipper";
import { shipperSettings } from "./thread-messages";

/** The shipper's program: a thread of the gateway, so that compressing, hashing and the store's answers never hold up a statement. */
if (parentPort !== null) runShipper(shipperSettings.parse(workerData), parentPort);
