import cluster from "node:cluster";
import { AggregatorRegistry } from "prom-client";
import { SallyportError } from "@/lib/errors/error";
import type { GatewaySettings } from "./gateway";
import { type OpsServer, startOpsServer } from "./ops/server";
import { GatewayProcess } from "./serve";
import { readSettings } from "./settings";
import { WorkerFailure, type WorkerMessage, WorkerPool } from "./workers";

const STATE_EVERY_MS = 1_000;

function exitCodeOf(error: unknown): number {
  if (error instanceof WorkerFailure) {
    return error.exitCode;
  }
  return error instanceof SallyportError ? error.exitCode : 1;
}

/** Runs `stop` at the first SIGTERM or SIGINT and exits; at the second one the process is gone at once. */
function stopOnSignal(settings: GatewaySettings, stop: () => Promise<void>): void {
  let asked = false;
  const onSignal = (signal: NodeJS.Signals) => {
    if (asked) {
      process.exit(1);
    }
    asked = true;
    settings.log.info({ signal }, "stopping");
    stop().then(
      () => {
        settings.log.info("stopped");
        process.exit(0);
      },
      (err) => {
        settings.log.fatal({ err }, "could not stop cleanly");
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", onSignal);
  process.on("SIGINT", onSignal);
}

/** The one line on stdout that is not a log line. */
function announce(port: number, ops: OpsServer): void {
  process.stdout.write(`${JSON.stringify({ event: "listening", port, opsPort: ops.port })}\n`);
}

async function runAlone(settings: GatewaySettings): Promise<void> {
  const gateway = new GatewayProcess(settings);
  const ops = await startOps(settings, {
    readiness: () => gateway.readiness(),
    metrics: async () => ({
      contentType: gateway.metrics?.contentType ?? "text/plain",
      text: (await gateway.metrics?.metrics()) ?? "",
    }),
  });
  stopOnSignal(settings, async () => {
    await gateway.stop();
    await ops.close();
  });
  const port = await gateway.start();
  if (port !== null) {
    announce(port, ops);
  }
}

async function runPrimary(settings: GatewaySettings): Promise<void> {
  const pool = new WorkerPool(settings.gateway.GATEWAY_WORKERS, settings.log);
  const ops = await startOps(settings, { readiness: () => pool.readiness(), metrics: () => pool.metrics() });
  stopOnSignal(settings, async () => {
    await pool.stop();
    await ops.close();
  });
  announce(await pool.start(), ops);
}

async function runWorker(settings: GatewaySettings): Promise<void> {
  const gateway = new GatewayProcess(settings);
  const tell = (message: WorkerMessage) => process.send?.(message);
  stopOnSignal(settings, () => gateway.stop());
  setInterval(() => tell({ kind: "state", readiness: gateway.readiness() }), STATE_EVERY_MS);
  const port = await gateway.start();
  if (port !== null && gateway.metrics !== null) {
    AggregatorRegistry.setRegistries([gateway.metrics]);
    // Its constructor makes this worker answer when the primary process collects.
    new AggregatorRegistry();
    tell({ kind: "state", readiness: gateway.readiness() });
    tell({ kind: "listening", port });
  }
}

async function startOps(
  settings: GatewaySettings,
  parts: Pick<Parameters<typeof startOpsServer>[0], "readiness" | "metrics">,
): Promise<OpsServer> {
  const port = settings.gateway.GATEWAY_OPS_PORT;
  try {
    return await startOpsServer({ port, ...parts });
  } catch (cause) {
    throw new SallyportError("INVALID_CONFIG", `Cannot listen on 127.0.0.1:${port} for the operator's pages`, {
      next: "Stop what uses that port, or set GATEWAY_OPS_PORT to another",
      cause,
    });
  }
}

function readSettingsOrExit(): GatewaySettings {
  try {
    return readSettings();
  } catch (error) {
    process.stderr.write(`${error instanceof SallyportError ? error.message : String(error)}\n`);
    process.exit(exitCodeOf(error));
  }
}

const settings = readSettingsOrExit();
process.on("uncaughtException", (err) => {
  settings.log.fatal({ err }, "unexpected error; the process ends");
  process.exit(1);
});
process.on("unhandledRejection", (err) => {
  settings.log.fatal({ err }, "unexpected error; the process ends");
  process.exit(1);
});

const run = cluster.isWorker ? runWorker : settings.gateway.GATEWAY_WORKERS > 1 ? runPrimary : runAlone;
run(settings).catch((err) => {
  const exitCode = exitCodeOf(err);
  settings.log.fatal({ err }, "could not start");
  if (err instanceof SallyportError) {
    process.stderr.write(`${err.message}.${err.next === null ? "" : ` ${err.next}.`}\n`);
  }
  if (cluster.isWorker && exitCode === 2) {
    process.send?.({ kind: "failed", exitCode } satisfies WorkerMessage, () => process.exit(exitCode));
    return;
  }
  process.exit(exitCode);
});
