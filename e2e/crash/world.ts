import type { ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { openStore, type Store } from "@/lib/db/client";
import { NEXT } from "@/scripts/launch/console-build.mjs";
import { secretsOf } from "@/scripts/launch/data-dir.mjs";
import { databaseSql } from "@/scripts/launch/database.mjs";
import { childEnvironment, embeddedVariables } from "@/scripts/launch/environment.mjs";
import { DIST, ROOT } from "@/scripts/launch/paths.mjs";
import { run, spawnTied } from "@/scripts/launch/tied-process.mjs";
import { freePort, startMariadb } from "@/scripts/mariadb.mjs";

const START_MS = 60_000;
const POLL_MS = 50;

/** What can be killed. */
export const VICTIMS = ["gateway", "console", "store"] as const;
export type Victim = (typeof VICTIMS)[number];

type Variables = Readonly<Record<string, string>>;

/** One of the product's programs. */
class Program {
  readonly #args: readonly string[];
  readonly #env: NodeJS.ProcessEnv;
  readonly #ready: () => Promise<boolean>;
  #child: ChildProcess | null = null;
  said = "";

  constructor(args: readonly string[], env: NodeJS.ProcessEnv, ready: () => Promise<boolean>) {
    this.#args = args;
    this.#env = env;
    this.#ready = ready;
  }

  async start(): Promise<void> {
    const child = spawnTied(process.execPath, this.#args, {
      cwd: ROOT,
      env: this.#env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child = child;
    const read = (text: Buffer) => {
      this.said = (this.said + text.toString()).slice(-20_000);
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    await until(async () => {
      if (child.exitCode !== null) throw new Error(`${this.#args[0]} ended while it was starting:\n${this.said}`);
      return this.#ready();
    }, `${this.#args[0]} to answer`);
  }

  /** Resolves when it is gone. */
  async end(signal: "SIGKILL" | "SIGTERM"): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    await gone;
  }
}

type Database = Awaited<ReturnType<typeof startMariadb>>;

/** The whole product as separate processes, with a server for the store and another one as the upstream, whose general log says what it executed. */
export class World {
  readonly dataDir: string = mkdtempSync(join(tmpdir(), "sallyport-kill-"));
  readonly variables: Variables;
  readonly store: Store;
  readonly #secrets: ReturnType<typeof secretsOf>;
  readonly #storePort: number;
  readonly #programs: Record<"idp" | "gateway" | "console", Program>;
  #databases: Partial<Record<"store" | "upstream", Database>> = {};

  private constructor(ports: readonly string[], extra: Variables) {
    const [console = "", gateway = "", ops = "", idp = "", upstream = "", store = ""] = ports;
    mkdirSync(join(this.dataDir, "logs"), { recursive: true });
    this.#secrets = secretsOf(this.dataDir);
    this.#storePort = Number(store);
    const given = {
      PORT: console,
      GATEWAY_PORT: gateway,
      GATEWAY_OPS_PORT: ops,
      DEV_IDP_PORT: idp,
      DEV_DB_PORT: upstream,
      NODE_ENV: "development",
    } as const;
    this.variables = {
      ...embeddedVariables(given, this.dataDir, this.#secrets),
      DATABASE_URL: `mysql://sallyport:${this.#secrets.storePassword}@127.0.0.1:${store}/sallyport`,
      ...extra,
    };
    this.store = openStore(this.variables.DATABASE_URL ?? "", { connections: 2 });
    const answers = (url: string) => async () => (await fetch(url).catch(() => null))?.ok === true;
    const env = (more: Variables = {}) => childEnvironment({ ...this.variables }, { extra: { ...more } });
    this.#programs = {
      idp: new Program(
        [join(DIST, "dev-idp.mjs")],
        childEnvironment({ ...this.variables }, { embeddedService: true }),
        answers(`${this.variables.OIDC_ISSUER}/.well-known/openid-configuration`),
      ),
      gateway: new Program([join(DIST, "gateway.mjs")], env(), answers(`http://127.0.0.1:${ops}/readyz`)),
      console: new Program(
        [NEXT, "start", "--port", console, "--hostname", "127.0.0.1"],
        env({ NODE_ENV: "production" }),
        answers(`${this.variables.CONSOLE_URL}/sign-in`),
      ),
    };
  }

  /** Starts everything, with further variables; the programs and the console must be built. */
  static async start(extra: Variables = {}): Promise<World> {
    const ports: string[] = [];
    while (ports.length < 6) ports.push(String(await freePort()));
    const world = new World(ports, extra);
    try {
      await Promise.all([world.#startDatabase("store"), world.#startDatabase("upstream"), world.#programs.idp.start()]);
      await run(process.execPath, [join(DIST, "embedded.mjs")], {
        cwd: ROOT,
        env: childEnvironment({ ...world.variables }, { embeddedService: true }),
        what: "Preparing the databases",
      });
      await Promise.all([world.#programs.gateway.start(), world.#programs.console.start()]);
      return world;
    } catch (error) {
      await world.stop();
      throw error;
    }
  }

  async #startDatabase(which: "store" | "upstream"): Promise<void> {
    this.#databases[which] = await startMariadb({
      dataDir: join(this.dataDir, which),
      port: which === "store" ? this.#storePort : Number(this.variables.DEV_DB_PORT),
      initSql: databaseSql(this.#secrets),
      extraArgs: which === "upstream" ? ["--general-log=1", `--general-log-file=${this.#generalLog}`] : [],
      logFile: join(this.dataDir, "logs", `${which}.log`),
    });
  }

  get #generalLog(): string {
    return join(this.dataDir, "logs", "executed.log");
  }

  /** Ids of all statements that the upstream has executed for the gateway, in order: they stand in the gateway's comment. */
  executed(): string[] {
    const text = readFileSync(this.#generalLog, "latin1");
    return [...text.matchAll(/ (?:Query|Execute)\t.*\/\* sallyport ([0-9A-Z]{26}) \*\//g)].map(([, id = ""]) => id);
  }

  /** Ends it as nothing can be prepared for. Resolves when it is gone. */
  async kill(victim: Victim): Promise<void> {
    if (victim === "store") {
      const { store } = this.#databases;
      delete this.#databases.store;
      store?.kill();
      await store?.exited;
    } else {
      await this.#programs[victim].end("SIGKILL");
    }
  }

  /** Starts again what was killed. */
  async revive(victim: Victim): Promise<void> {
    await (victim === "store" ? this.#startDatabase("store") : this.#programs[victim].start());
  }

  /** What the gateway has said last, for failures. */
  get log(): string {
    return this.#programs.gateway.said;
  }

  async stop(): Promise<void> {
    await this.store.close();
    for (const program of [this.#programs.console, this.#programs.gateway, this.#programs.idp]) {
      await program.end("SIGTERM");
    }
    await Promise.all(Object.values(this.#databases).map((database) => database?.stop()));
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}

/** Waits until `holds`; its errors are the caller's. */
export async function until(holds: () => Promise<boolean>, what: string, timeoutMs: number = START_MS): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`waited ${timeoutMs} ms for ${what}`);
    await delay(POLL_MS);
  }
}
