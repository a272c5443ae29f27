import type { Pool, PoolConnection } from "mysql2/promise";

/** Where the connection breaks: before the server gets that call, or, in a transaction, after it did and before its answer arrives. */
export interface Break {
  readonly call: number;
  readonly when: "before" | "after";
}

export interface FailingPool {
  readonly pool: Pool;
  /** Calls so far. */
  readonly calls: () => number;
}

/** A pool whose connections break once, at one call of all that are made. */
export function failingPool(pool: Pool, at: Break | null): FailingPool {
  let calls = 0;
  const breaking = (connection: PoolConnection): PoolConnection =>
    new Proxy(connection, {
      get(target, name) {
        const value = Reflect.get(target, name);
        if (typeof value !== "function") return value;
        if (name !== "query" && name !== "execute") return value.bind(target);
        return async (...args: unknown[]) => {
          calls += 1;
          const breaks = calls === at?.call;
          if (breaks && at.when === "before") target.destroy();
          const result = breaks && at.when === "before" ? null : await value.apply(target, args);
          if (!breaks) return result;
          target.destroy();
          throw failed();
        };
      },
    });
  const failed = () => Object.assign(new Error("the connection broke"), { code: "ECONNRESET" });
  const proxied = new Proxy(pool, {
    get(target, name) {
      if (name === "query" || name === "execute") {
        return async (...args: Parameters<Pool["query"]>) => {
          calls += 1;
          if (calls === at?.call) throw failed();
          return target.query(...args);
        };
      }
      if (name === "getConnection") return async () => breaking(await target.getConnection());
      const value = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  return { pool: proxied, calls: () => calls };
}
