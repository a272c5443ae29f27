import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/** What Linux counts for a process (proc(5)). */
const TICKS_PER_SECOND = 100;

/** User plus system CPU time of the process so far, in microseconds; its resolution is 10 ms. */
export function cpuMicroseconds(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The program's name, in parentheses, may hold spaces: fields are counted after it.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return ((Number(fields[11]) + Number(fields[12])) * 1_000_000) / TICKS_PER_SECOND;
}

/** A process that took no more than this in QUIET_MS has done what it had to do. */
const QUIET_CPU = 10_000;
const QUIET_MS = 300;
const LONGEST_WAIT_MS = 20_000;

/**
 * Waits until the process has nothing left to do, such as records to bring to the store; returns its CPU time then. What it still has
 * to do for a load counts as that load's, and not as the next one's.
 */
export async function settledCpu(pid: number): Promise<number> {
  const until = Date.now() + LONGEST_WAIT_MS;
  let now = cpuMicroseconds(pid);
  for (let before = Number.NEGATIVE_INFINITY; now - before > QUIET_CPU && Date.now() < until; ) {
    before = now;
    await delay(QUIET_MS);
    now = cpuMicroseconds(pid);
  }
  return now;
}

/** Resident memory of the process, in bytes. */
export function residentBytes(pid: number): number {
  const line = readFileSync(`/proc/${pid}/status`, "utf8")
    .split("\n")
    .find((one) => one.startsWith("VmRSS:"));
  return Number(line?.replace(/\D/g, "") ?? 0) * 1024;
}
