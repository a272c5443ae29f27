// Ports: whether they are free, and who holds the ones that are not.
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { createServer } from "node:net";
import { SetupError } from "./setup-error.mjs";

/** @param {string} host @param {number} port @returns {Promise<string | null>} the error code, or null when free */
function tryListen(host, port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (/** @type {NodeJS.ErrnoException} */ error) => resolve(error.code ?? "EUNKNOWN"));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(null)));
  });
}

/** The process that listens on a port, as `name (process 123)`; Linux only, null when it cannot be told. @param {number} port */
function holderOf(port) {
  try {
    const wanted = port.toString(16).toUpperCase().padStart(4, "0");
    const inodes = new Set();
    for (const table of ["/proc/net/tcp", "/proc/net/tcp6"]) {
      for (const line of readFileSync(table, "utf8").split("\n").slice(1)) {
        const fields = line.trim().split(/\s+/);
        // Columns of /proc/net/tcp: local address, state (0A is LISTEN), inode (proc(5)).
        if (fields[1]?.endsWith(`:${wanted}`) && fields[3] === "0A") {
          inodes.add(`socket:[${fields[9]}]`);
        }
      }
    }
    for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
      if (holdsOne(pid, inodes)) {
        const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
        return `process ${pid}: ${command.slice(0, 100)}`;
      }
    }
  } catch {
    // Not Linux, or /proc is hidden.
  }
  return null;
}

/** @param {string} pid @param {Set<string>} inodes */
function holdsOne(pid, inodes) {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => {
      try {
        return inodes.has(readlinkSync(`/proc/${pid}/fd/${fd}`));
      } catch {
        return false;
      }
    });
  } catch {
    return false;
  }
}

/**
 * Rejects with SetupError when a port is taken, or two services want the same one; names the holder and the variable to change.
 * @param {readonly { what: string, variable: string, hosts: readonly string[], port: number }[]} wanted
 */
export async function requirePorts(wanted) {
  const problems = [];
  const seen = new Map();
  for (const { what, variable, hosts, port } of wanted) {
    const other = seen.get(port);
    if (other !== undefined) {
      problems.push(`${variable} and ${other} are both ${port}.`);
    }
    seen.set(port, variable);
    for (const host of hosts) {
      const code = await tryListen(host, port);
      if (code === "EADDRINUSE") {
        const holder = holderOf(port);
        problems.push(
          `Port ${port} (${what}) is taken${holder ? ` by ${holder}` : ""}.\n  Stop that program, or choose another port: ${variable}=${port < 60_000 ? port + 1000 : port - 1000} npm start`,
        );
        break;
      }
      if (code === "EACCES") {
        problems.push(
          `Port ${port} (${what}) needs more rights. Choose one above 1023: ${variable}=${port + 10_000} npm start`,
        );
        break;
      }
    }
  }
  if (problems.length > 0) {
    throw new SetupError(problems.join("\n"));
  }
}
