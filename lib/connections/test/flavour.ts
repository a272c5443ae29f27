import type { Finding } from "./steps";

/** What the versions here were tested with; older servers may work and are not promised. */
const OLDEST = { MariaDB: [10, 6], MySQL: [8, 0] } as const;

/** Names the server behind VERSION() and @@version_comment, and warns of versions older than those Sallyport is tested with. */
export function judgeVersion(version: string, comment: string): Finding {
  const told = /(\d+)\.(\d+)(?:\.\d+)?/.exec(version.replace(/^5\.5\.5-/, ""));
  const numbers: readonly [number, number] = [Number(told?.[1] ?? 0), Number(told?.[2] ?? 0)];
  const both = `${version} ${comment}`.toLowerCase();
  const base = both.includes("mariadb") ? "MariaDB" : "MySQL";
  const product = both.includes("tidb")
    ? "TiDB"
    : both.includes("vitess")
      ? "Vitess"
      : both.includes("percona")
        ? "Percona Server for MySQL"
        : both.includes("aurora")
          ? "Amazon Aurora"
          : base;
  const shown = `${product} ${told?.[0] ?? version}`;
  const oldest = OLDEST[base];
  const old =
    product === "TiDB" || product === "Vitess"
      ? false
      : numbers[0] < oldest[0] || (numbers[0] === oldest[0] && numbers[1] < oldest[1]);
  if (old) {
    return {
      status: "warning",
      summary: `${shown}.`,
      remedy: `Sallyport is tested with ${base} ${oldest.join(".")} and newer; an upgrade is advised.`,
    };
  }
  return { status: "ok", summary: `${shown}.` };
}
