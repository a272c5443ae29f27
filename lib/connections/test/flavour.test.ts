import { describe, expect, it } from "vitest";
import { judgeVersion } from "./flavour";

describe("the server's version", () => {
  it.each([
    ["10.11.6-MariaDB-1:10.11.6+maria~ubu2204", "mariadb.org binary distribution", "MariaDB 10.11.6.", "ok"],
    ["5.5.5-10.6.16-MariaDB", "MariaDB Server", "MariaDB 10.6.16.", "ok"],
    ["10.3.39-MariaDB", "MariaDB Server", "MariaDB 10.3.39.", "warning"],
    ["8.4.2", "MySQL Community Server - GPL", "MySQL 8.4.2.", "ok"],
    ["5.7.44-log", "MySQL Community Server (GPL)", "MySQL 5.7.44.", "warning"],
    ["8.0.36-28", "Percona Server (GPL), Release 28", "Percona Server for MySQL 8.0.36.", "ok"],
    ["8.0.11-TiDB-v7.5.0", "TiDB Server (Apache License 2.0)", "TiDB 8.0.11.", "ok"],
  ])("%s (%s) is %s", (version, comment, summary, status) => {
    expect(judgeVersion(version, comment)).toMatchObject({ summary, status });
  });
});
