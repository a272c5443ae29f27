import { Counter, collectDefaultMetrics, Gauge, type Metric, Registry } from "prom-client";
import type { Holds } from "../approvals/holds";
import type { Catalogues } from "../catalogue/catalogues";
import type { ShipperThread } from "../recorder/shipper/shipper-thread";
import type { SessionRegistry } from "../session/registry";
import { ADDED_TIME_BOUNDS_US } from "../session/wire-metrics";
import { DURATION_BOUNDS_US, type StatementCounts } from "./statement-counts";

export interface MetricSources {
  readonly sessions: Pick<SessionRegistry, "size" | "metrics">;
  readonly statements: StatementCounts;
  readonly recorder: { readonly dropped: number };
  readonly shipper: Pick<ShipperThread, "state" | "waitingRecords" | "waitingBytes">;
  readonly catalogues: Pick<Catalogues, "size" | "failing" | "oldestAgeMs">;
  readonly holds: Pick<Holds, "size" | "counts">;
  readonly feed: () => { readonly version: number | null; readonly ageMs: number | null };
}

/** The process's metrics: the gateway's own counters, read when somebody asks, and Node's. */
export function createMetrics(sources: MetricSources): Registry {
  const { sessions, statements, recorder, shipper, catalogues, holds, feed } = sources;
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const gauge = (name: string, help: string, read: () => number | null, aggregator: "sum" | "min" | "max" = "sum") =>
    new Gauge({
      name,
      help,
      registers,
      aggregator,
      collect() {
        const value = read();
        if (value === null) {
          this.remove();
        } else {
          this.set(value);
        }
      },
    });
  const counter = (name: string, help: string, read: () => number) =>
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(read());
      },
    });

  const wire = sessions.metrics;
  gauge("sallyport_sessions_live", "Logged-in sessions", () => sessions.size);
  gauge("sallyport_recorder_queue_records", "Records not in the store yet", () => shipper.waitingRecords);
  gauge("sallyport_recorder_queue_bytes", "Their bytes in the spool", () => shipper.waitingBytes);
  gauge(
    "sallyport_recorder_failing_seconds",
    "Since when no record reaches the store; 0 while they do",
    () => (shipper.state.failingSince === null ? 0 : (Date.now() - shipper.state.failingSince) / 1000),
    "max",
  );
  counter(
    "sallyport_spools_adopted_total",
    "Spools of gateways that died, brought to the store",
    () => shipper.state.adopted,
  );
  gauge("sallyport_policy_feed_version", "Version of the configuration in force", () => feed().version, "min");
  gauge(
    "sallyport_policy_feed_age_seconds",
    "Time since the store last answered",
    () => {
      const { ageMs } = feed();
      return ageMs === null ? null : ageMs / 1000;
    },
    "max",
  );
  gauge("sallyport_catalogues", "Upstreams whose schema is kept", () => catalogues.size);
  gauge("sallyport_catalogues_failing", "Of those, the ones that could not be read", () => catalogues.failing.length);
  gauge(
    "sallyport_catalogue_age_seconds",
    "Time since the schema that was read longest ago",
    () => (catalogues.oldestAgeMs === null ? null : catalogues.oldestAgeMs / 1000),
    "max",
  );
  gauge("sallyport_statements_held", "Statements that wait for a person", () => holds.size);
  counter("sallyport_holds_released_total", "Of those that waited, the ones that ran", () => holds.counts.released);
  counter("sallyport_holds_denied_total", "Of those, the ones a reviewer denied", () => holds.counts.denied);
  counter("sallyport_holds_timed_out_total", "Of those, the ones nobody decided in time", () => holds.counts.timedOut);
  counter(
    "sallyport_recorder_dropped_total",
    "Records lost: not spooled because there was no room, or refused by the store for what they are",
    () => recorder.dropped + shipper.state.leftOut,
  );
  counter("sallyport_connections_accepted_total", "TCP connections accepted", () => wire.accepted);
  counter("sallyport_logins_total", "Logins that succeeded", () => wire.logins);
  new Counter({
    name: "sallyport_login_refusals_total",
    help: "Logins refused, by error code",
    labelNames: ["code"],
    registers,
    collect() {
      this.reset();
      for (const [code, count] of wire.refusals) {
        this.inc({ code }, count);
      }
    },
  });
  new Counter({
    name: "sallyport_client_bytes_total",
    help: "Bytes of logged-in sessions, from (in) and to (out) clients",
    labelNames: ["direction"],
    registers,
    collect() {
      this.reset();
      this.inc({ direction: "in" }, wire.bytesIn);
      this.inc({ direction: "out" }, wire.bytesOut);
    },
  });
  new Counter({
    name: "sallyport_statements_total",
    help: "Statements, by protocol command and outcome",
    labelNames: ["command", "outcome"],
    registers,
    collect() {
      this.reset();
      for (const [command, counts] of statements.byCommand) {
        this.inc({ command, outcome: "ok" }, counts.ok);
        this.inc({ command, outcome: "error" }, counts.error);
      }
    },
  });
  registerHistogram(registry, {
    name: "sallyport_statement_duration_seconds",
    help: "From the client's command to the end of its answer",
    boundsUs: DURATION_BOUNDS_US,
    read: () => ({ counts: statements.durations, sumUs: statements.durationSumUs }),
  });
  registerHistogram(registry, {
    name: "sallyport_gateway_added_seconds",
    help: "Time the gateway itself spent on a statement, without the upstream's",
    boundsUs: ADDED_TIME_BOUNDS_US,
    read: () => ({ counts: wire.addedTime, sumUs: wire.addedTimeSumUs }),
  });
  return registry;
}

interface HistogramSource {
  readonly name: string;
  readonly help: string;
  readonly boundsUs: readonly number[];
  readonly read: () => { readonly counts: Float64Array; readonly sumUs: number };
}

/** A histogram whose buckets were counted elsewhere: prom-client's own would cost time at every statement. */
function registerHistogram(registry: Registry, { name, help, boundsUs, read }: HistogramSource): void {
  const metric = {
    name,
    async get() {
      const { counts, sumUs } = read();
      let total = 0;
      const buckets = boundsUs.map((bound, at) => {
        total += counts[at] ?? 0;
        return { metricName: `${name}_bucket`, labels: { le: bound / 1e6 }, value: total };
      });
      total += counts[boundsUs.length] ?? 0;
      const values = [
        ...buckets,
        { metricName: `${name}_bucket`, labels: { le: "+Inf" }, value: total },
        { metricName: `${name}_sum`, labels: {}, value: sumUs / 1e6 },
        { metricName: `${name}_count`, labels: {}, value: total },
      ];
      return { name, help, type: "histogram", values, aggregator: "sum" };
    },
  };
  // The registry calls `name` and `get` of a metric and nothing else; its type names the library's own classes only.
  registry.registerMetric(metric as unknown as Metric);
}
