import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { closeSync, constants, existsSync, mkdirSync, mkdtempSync, openSync, readdirSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { createSecureContext } from "node:tls";
import { SallyportError } from "@/lib/errors/error";
import { type AcceptParts, acceptClient } from "../session/accept";
import type { LoginGrant, StatementRecord } from "../session/ports";
import { notingRecorder } from "./noting-recorder";
import { type PureText, readsOnly } from "./reads-only";

/** How a self-test gets into the gateway that runs it. See `openDoor`. */
export interface Door {
  readonly path: string;
  /** A new secret for one login; the one before it opens nothing any more. */
  secret(): string;
  /** Refuses every further login, ends its sessions and removes the socket. */
  close(): Promise<void>;
}

export interface DoorOptions {
  /** A folder of this gateway's own; the socket's directory is made in it. */
  readonly folder: string;
  /** What the gateway's sessions are made of. */
  readonly accept: Pick<AcceptParts, "ports" | "registry" | "log" | "turn">;
  /** Whom every session through this door is for, as things stand at its login. Throws where it may not log in. */
  readonly grant: () => LoginGrant;
  /** Whether a statement can do nothing but read: only such a one is ever sent to the server. */
  readonly isPureRead: PureText;
  /** Told of every record of a statement. */
  readonly onStatement: (id: StatementRecord["id"]) => void;
}

const SECRET_BYTES = 32;
/** The longest path of a socket (unix(7)), on the strictest system, with its end. */
const LONGEST_PATH = 103;
const SOCKET = "door.sock";
/** Where Linux shows a process its open files, directories among them. */
const OPEN_FILES = "/proc/self/fd";
const OWNED = /^(\d+)-/;

/**
 * A second way into this gateway, for as long as a self-test runs, and for nobody but it:
 * - a unix socket in a directory that only the gateway's own account can enter, under a random name;
 * - each login needs a secret of its own, made for it just before, in memory only, that is void after one use, right or wrong;
 * - whoever logs in is the one marked identity: there is no token, and nothing that the client says chooses who it is;
 * - everything behind the login is the ordinary session: limits, rules, masks and records apply as to every client, except that no
 *   budget is used and nobody is asked: what a person would have to approve is refused;
 * - and what the gate lets pass reaches the server only if it can do nothing but read.
 */
export async function openDoor(options: DoorOptions): Promise<Door> {
  const { path, remove } = makePlace(options.folder);
  const sockets = new Set<Socket>();
  let expected: Buffer | null = null;
  const { ports } = options.accept;
  const parts: AcceptParts = {
    ...options.accept,
    ports: {
      ...ports,
      login: async (_connection, presented) => {
        const wanted = expected;
        expected = null;
        if (wanted === null || !timingSafeEqual(wanted, digest(presented))) {
          throw new SallyportError("LOGIN_REFUSED", "This socket is for the gateway's self-test only", {
            next: "Log in at the gateway's address with an access token",
          });
        }
        return { ...options.grant(), selfTest: true };
      },
      gate: (...session) => readsOnly(ports.gate(...session), options.isPureRead),
      recorder: notingRecorder(ports.recorder, options.onStatement),
    },
    // The secret never leaves this process: the socket takes it as it is.
    plain: true,
    tls: createSecureContext(),
    now: Date.now,
    address: "self-test",
  };
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    void acceptClient(socket, parts);
  });
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(path, resolve);
    });
  } catch (cause) {
    remove();
    throw new SallyportError("UNAVAILABLE", "The gateway could not open a socket for the self-test", {
      next: "Look at the gateway's log, and whether SPOOL_DIR can hold sockets",
      cause,
    });
  }
  return {
    path,
    secret: () => {
      const secret = randomBytes(SECRET_BYTES).toString("base64url");
      expected = digest(secret);
      return secret;
    },
    close: async () => {
      expected = null;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
      remove();
    },
  };
}

/** Equal lengths, whatever is presented. */
const digest = (secret: string): Buffer => createHash("sha256").update(secret).digest();

/** A directory for the socket, and its path in this process. */
function makePlace(folder: string): { readonly path: string; readonly remove: () => void } {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // mkdtemp makes it for this account alone (0700).
  const directory = mkdtempSync(join(folder, `${process.pid}-`));
  const remove = () => rmSync(directory, { recursive: true, force: true });
  const path = join(directory, SOCKET);
  if (Buffer.byteLength(path) <= LONGEST_PATH) return { path, remove };
  if (!existsSync(OPEN_FILES)) {
    remove();
    throw new SallyportError("UNAVAILABLE", "The path of the gateway's spool is too long for a socket in it", {
      next: "Set SPOOL_DIR to a shorter path, at most 70 characters",
    });
  }
  // The same directory by its number: short however long its path is.
  const opened = openSync(directory, constants.O_RDONLY | constants.O_DIRECTORY);
  return {
    path: `${OPEN_FILES}/${opened}/${SOCKET}`,
    remove: () => {
      remove();
      closeSync(opened);
    },
  };
}

/** Removes what gateways that were killed during a self-test left behind in the folder. To be called before the first door is opened. */
export function removeOldDoors(folder: string): void {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    // Nobody has run a self-test here.
    return;
  }
  for (const name of names) {
    const pid = Number(OWNED.exec(name)?.[1]);
    if (Number.isInteger(pid) && (pid === process.pid || !isAlive(pid))) {
      rmSync(join(folder, name), { recursive: true, force: true });
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process with that number: not one that could have made this directory any more, but let it be.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
