import { readFileSync } from "node:fs";

/** What Linux counts for a process (proc(5)). */
const TICKS_PER_SECOND = 100;

/** User plus system CPU time of the process so far, in microseconds; its resolution is 10 ms. */
export function cpuMicroseconds(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The program's name, in parentheses, may hold spaces: fields are counted after it.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return ((Number(fields[11]) + Number(fields[12])) * 1_000_000) / TICKS_PER_SECOND;
}

/** Resident memory of the process, in bytes. */
export function residentBytes(pid: number): number {
  const line = readFileSync(`/proc/${pid}/status`, "utf8")
    .split("\n")
    .find((one) => one.startsWith("VmRSS:"));
  return Number(line?.replace(/\D/g, "") ?? 0) * 1024;
}
