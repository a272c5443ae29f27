import type { UpstreamTarget } from "../session/ports";
import {
  ConnectionCatalogue,
  type ReadCatalogue,
  type Refreshed,
  type VersionedCatalogue,
} from "./connection-catalogue";

/** A connection whose catalogue is kept; `key` differs when the upstream is another one. */
export interface CataloguedConnection {
  readonly id: string;
  readonly name: string;
  readonly key: string;
  readonly refreshSeconds: number;
  /** Opens the stored credential; may throw. */
  target(): UpstreamTarget;
}

export interface CataloguesOptions {
  readonly read: (target: UpstreamTarget, known: string | null) => Promise<ReadCatalogue | null>;
  /** See ConnectionCatalogueOptions. */
  readonly askedPauseMs?: number | undefined;
  /** Told after every attempt to read one. */
  readonly onRefreshed: (connection: CataloguedConnection, refreshed: Refreshed) => void;
}

interface Kept {
  connection: CataloguedConnection;
  readonly catalogue: ConnectionCatalogue;
}

/** The catalogues of all connections that some policy lets somebody use. */
export class Catalogues {
  readonly #options: CataloguesOptions;
  readonly #kept = new Map<string, Kept>();

  constructor(options: CataloguesOptions) {
    this.#options = options;
  }

  /** Keeps exactly these: reads new and changed ones at once, forgets the others. */
  sync(connections: readonly CataloguedConnection[]): void {
    const wanted = new Map(connections.map((one) => [one.id, one]));
    for (const [id, { connection, catalogue }] of this.#kept) {
      if (wanted.get(id)?.key !== connection.key) {
        catalogue.stop();
        this.#kept.delete(id);
      }
    }
    for (const connection of connections) {
      const known = this.#kept.get(connection.id);
      if (known === undefined) this.#keep(connection);
      else known.connection = connection;
    }
  }

  #keep(first: CataloguedConnection): void {
    const latest = () => this.#kept.get(first.id)?.connection ?? first;
    const catalogue = new ConnectionCatalogue({
      read: async (known) => this.#options.read(latest().target(), known),
      refreshMs: () => latest().refreshSeconds * 1000,
      askedPauseMs: this.#options.askedPauseMs,
      onRefreshed: (refreshed) => this.#options.onRefreshed(latest(), refreshed),
    });
    this.#kept.set(first.id, { connection: first, catalogue });
    catalogue.start();
  }

  current(connectionId: string): VersionedCatalogue | null {
    return this.#kept.get(connectionId)?.catalogue.current ?? null;
  }

  /** Waits until the connection has a catalogue or the attempt to read one failed. */
  async ready(connectionId: string): Promise<void> {
    await this.#kept.get(connectionId)?.catalogue.ready();
  }

  /** See ConnectionCatalogue.refresh. */
  async refresh(connectionId: string): Promise<void> {
    await this.#kept.get(connectionId)?.catalogue.refresh();
  }

  /** See ConnectionCatalogue.tablesChanged. */
  tablesChanged(connectionId: string): void {
    this.#kept.get(connectionId)?.catalogue.tablesChanged();
  }

  /** See ConnectionCatalogue.settling. */
  settling(connectionId: string): Promise<void> | null {
    return this.#kept.get(connectionId)?.catalogue.settling ?? null;
  }

  /** Names of connections whose last refresh failed. */
  get failing(): readonly string[] {
    return [...this.#kept.values()]
      .filter(({ catalogue }) => catalogue.error !== null)
      .map(({ connection }) => connection.name);
  }

  /** Seconds since the catalogue that was checked longest ago, or null when none was. */
  get oldestAgeMs(): number | null {
    const checked = [...this.#kept.values()].flatMap(({ catalogue }) => catalogue.checkedAt ?? []);
    return checked.length === 0 ? null : Date.now() - Math.min(...checked);
  }

  get size(): number {
    return this.#kept.size;
  }

  stop(): void {
    this.sync([]);
  }
}
