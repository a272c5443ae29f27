import { afterEach, describe, expect, it, vi } from "vitest";
import type { CatalogueSnapshot } from "@/lib/sql/catalogue";
import { ConnectionCatalogue, type ReadCatalogue, type Refreshed } from "./connection-catalogue";

const made = (snapshot: CatalogueSnapshot): ReadCatalogue => ({ snapshot, fingerprint: JSON.stringify(snapshot) });
const catalogueOf = (schema: string): CatalogueSnapshot => ({
  flavour: "mariadb",
  serverVersion: "x",
  lowerCaseTableNames: 0,
  sqlMode: "",
  schemas: [schema],
  tables: [],
  routines: [],
  triggers: [],
});

describe("ConnectionCatalogue", () => {
  let running: ConnectionCatalogue | null = null;
  const seen: Refreshed[] = [];

  function start(
    read: (known: string | null) => Promise<ReadCatalogue | null>,
    refreshMs = 60_000,
  ): ConnectionCatalogue {
    seen.length = 0;
    running = new ConnectionCatalogue({ read, refreshMs: () => refreshMs, onRefreshed: (one) => seen.push(one) });
    running.start();
    return running;
  }
  afterEach(() => running?.stop());

  it("swaps the catalogue only when something has changed", async () => {
    let schema = "a";
    const catalogue = start(async () => made(catalogueOf(schema)), 10);
    await catalogue.ready();
    const first = catalogue.current;
    await vi.waitFor(() => expect(seen.length).toBeGreaterThan(3));
    expect(catalogue.current).toBe(first);
    schema = "b";
    await vi.waitFor(() => expect(catalogue.current?.catalogue.schema("b")).toBe("b"));
    expect(catalogue.current?.version).not.toBe(first?.version);
    expect(seen.filter((one) => one.changed)).toHaveLength(2);
  });

  it("keeps the last catalogue while the upstream cannot be read, and tries again", async () => {
    let works = true;
    const catalogue = start(async () => {
      if (!works) throw new Error("down");
      return made(catalogueOf("a"));
    }, 10);
    await catalogue.ready();
    works = false;
    await vi.waitFor(() => expect(catalogue.error).toBeInstanceOf(Error));
    expect(catalogue.current?.catalogue.schema("a")).toBe("a");
    works = true;
    await vi.waitFor(() => expect(catalogue.error).toBeNull());
  });

  it("begins one refresh a second at most for all who ask, each of which begins after they asked", async () => {
    const reads: number[] = [];
    const catalogue = start(async () => {
      reads.push(performance.now());
      return made(catalogueOf("a"));
    });
    await catalogue.ready();
    const asked = performance.now();
    await Promise.all(Array.from({ length: 20 }, () => catalogue.refresh()));
    expect(reads).toHaveLength(2);
    expect(reads[1]).toBeGreaterThan(asked);
    expect((reads[1] ?? 0) - (reads[0] ?? 0)).toBeGreaterThan(950);
  });

  it("is not settled from a change of tables until a refresh that began after it", async () => {
    let schema = "a";
    const catalogue = start(async () => made(catalogueOf(schema)));
    await catalogue.ready();
    expect(catalogue.settling).toBeNull();
    schema = "b";
    catalogue.tablesChanged();
    await catalogue.settling;
    expect(catalogue.current?.catalogue.schema("b")).toBe("b");
    expect(catalogue.settling).toBeNull();
  });

  it("tells those who wait for the first catalogue that there is none", async () => {
    const catalogue = start(() => Promise.reject(new Error("down")));
    await catalogue.ready();
    expect(catalogue.current).toBeNull();
  });

  it("reads nothing anew while the fingerprint stays, and says that it has looked", async () => {
    let reads = 0;
    const known = made(catalogueOf("a"));
    const catalogue = start(async (fingerprint) => {
      if (fingerprint === known.fingerprint) return null;
      reads += 1;
      return known;
    }, 10);
    await catalogue.ready();
    await vi.waitFor(() => expect(seen.length).toBeGreaterThan(3));
    expect(reads).toBe(1);
    expect(seen.at(-1)).toMatchObject({ changed: false, error: null, snapshot: known.snapshot });
  });

  it("is not settled by a refresh that failed", async () => {
    let works = true;
    const catalogue = start(async () => {
      if (!works) throw new Error("down");
      return made(catalogueOf("a"));
    });
    await catalogue.ready();
    works = false;
    catalogue.tablesChanged();
    await vi.waitFor(() => expect(catalogue.error).toBeInstanceOf(Error));
    expect(catalogue.settling).not.toBeNull();
    works = true;
    await catalogue.settling;
    expect(catalogue.error).toBeNull();
  });
});
