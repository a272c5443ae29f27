import { userInfo } from "node:os";
import { endProcessChain } from "@/lib/chain/beat";
import { startProcessChain } from "@/lib/chain/process-chain";
import { env } from "@/lib/config/env";
import type { Ctx } from "@/lib/ctx";
import { type Db, openStore } from "@/lib/db/client";
import { dbErrno } from "@/lib/db/errors";
import { SallyportError } from "@/lib/errors/error";
import { newId } from "@/lib/ids";
import { isStoreAway } from "../store-wait";

const ACCESS_DENIED = new Set([1044, 1045, 1049, 1698]);
const NO_SUCH_TABLE = 1146;

function operator(): string {
  try {
    return userInfo().username;
  } catch {
    // A container's user id may have no name.
    return `uid ${process.getuid?.() ?? "unknown"}`;
  }
}

/** host:port/database of the store, without its credential. */
function storeAddress(url: string): string {
  const { host, pathname } = new URL(url);
  return `${host}${pathname}`;
}

/** Says in one sentence why the store cannot be used; other errors come back as they are. */
export function explainStoreError(error: unknown, databaseUrl: string): unknown {
  if (error instanceof SallyportError) {
    return error;
  }
  const where = storeAddress(databaseUrl);
  const errno = dbErrno(error);
  if (errno === NO_SUCH_TABLE) {
    return new SallyportError("UNAVAILABLE", `The store at ${where} was never migrated`, {
      next: "Run: sallyport migrate",
    });
  }
  if (errno !== null && ACCESS_DENIED.has(errno)) {
    return new SallyportError(
      "UNAVAILABLE",
      `The store at ${where} refuses the account of DATABASE_URL (error ${errno})`,
      {
        next: "Check user, password and database in DATABASE_URL",
      },
    );
  }
  return isStoreAway(error)
    ? new SallyportError("UNAVAILABLE", `The store at ${where} does not answer`, {
        next: "Check that it runs (npm start, in the embedded default) and that DATABASE_URL is right",
        cause: error,
      })
    : error;
}

/** Runs a verb on the store as the operator at this terminal. */
export async function withStore<T>(command: string, work: (ctx: Ctx) => Promise<T>): Promise<T> {
  const { DATABASE_URL } = env("store");
  const store = openStore(DATABASE_URL, { connections: 1 });
  const name = `sallyport ${command} (${operator()})`;
  startProcessChain("command", name);
  try {
    const result = await work({ actor: { kind: "system", name }, requestId: newId(), db: store.db });
    await endProcessChain(store.db);
    return result;
  } catch (error) {
    throw explainStoreError(error, DATABASE_URL);
  } finally {
    await store.close();
  }
}

/** Reads the store without a trace in it. */
export async function withReadStore<T>(work: (db: Db) => Promise<T>): Promise<T> {
  const { DATABASE_URL } = env("store");
  const store = openStore(DATABASE_URL, { connections: 1 });
  try {
    return await work(store.db);
  } catch (error) {
    throw explainStoreError(error, DATABASE_URL);
  } finally {
    await store.close();
  }
}
