import type { Logger } from "pino";
import type { TokenKeys } from "@/lib/masking/cell";
import type { GatewaySnapshot } from "@/lib/policy/snapshot";
import { ParserWorker } from "@/lib/sql/parse/worker-pool";
import type { ApprovalStore } from "./approvals/approval-store";
import { Explainer } from "./approvals/explainer";
import { Holds } from "./approvals/holds";
import { Usage } from "./budgets/usage";
import type { UsageStore } from "./budgets/usage-store";
import { Catalogues, type CataloguesOptions } from "./catalogue/catalogues";
import { readUpstreamCatalogue } from "./catalogue/read-upstream";
import { Decisions } from "./decision/decisions";
import type { Recorder } from "./session/ports";

/** What deciding needs from the rest of a gateway. */
export interface DecidingParts {
  /** The configuration in force. */
  readonly snapshot: () => GatewaySnapshot | null;
  readonly approvals: ApprovalStore;
  readonly usageStore: UsageStore;
  readonly recorder: Pick<Recorder, "audit" | "template">;
  /** Of the connection's tokens. */
  readonly tokens: (connectionId: string) => TokenKeys;
  /** Is told after a catalogue was read, when statements are decided with it already. */
  readonly onCatalogue?: CataloguesOptions["onRefreshed"];
  /** See ConnectionCatalogueOptions. */
  readonly askedPauseMs?: number;
  readonly consoleUrl: string;
  readonly log: Logger;
  /** Budgets are counted by it, in epoch milliseconds. */
  readonly now: () => number;
}

/** All that takes part in deciding on the statements of one process. */
export interface Deciding {
  readonly decisions: Decisions;
  readonly catalogues: Catalogues;
  /** Statements that wait for people. */
  readonly holds: Holds;
  readonly usage: Usage;
  /** Reads no more catalogues and parses nothing more; holds and usage are stopped by themselves. */
  stop(): Promise<void>;
}

/** Puts together what decides on statements. Nothing of it has begun to run by itself. */
export function createDeciding(parts: DecidingParts): Deciding {
  const { snapshot, approvals, usageStore, recorder, tokens, onCatalogue, consoleUrl, log, now } = parts;
  const parser = new ParserWorker();
  const catalogues = new Catalogues({
    read: readUpstreamCatalogue,
    askedPauseMs: parts.askedPauseMs,
    onRefreshed: (connection, refreshed) => {
      if (refreshed.changed) decisions.swapped();
      onCatalogue?.(connection, refreshed);
    },
  });
  const holds = new Holds({ store: approvals, log });
  const explainer = new Explainer({
    store: approvals,
    masksOf: (connectionId) => snapshot()?.byId.get(connectionId)?.masks ?? [],
    log,
  });
  const usage = new Usage({ store: usageStore, snapshot, audit: (row) => recorder.audit(row), log, now });
  const decisions = new Decisions({
    snapshot,
    catalogues,
    parse: (texts) => parser.parse(texts),
    tokens,
    approvals,
    holds,
    explain: (...args) => explainer.explain(...args),
    usage,
    consoleUrl,
    template: (facts) => recorder.template(facts),
  });
  return {
    decisions,
    catalogues,
    holds,
    usage,
    stop: async () => {
      catalogues.stop();
      await parser.close();
    },
  };
}
