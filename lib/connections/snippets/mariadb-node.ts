import { json } from "./quote";
import { lines, type SnippetClient } from "./snippet";

/** MariaDB's connector for Node.js. */
export const mariadbNode: SnippetClient = {
  id: "mariadb-node",
  label: "mariadb (Node.js)",
  group: "Driver",
  file: "connect.mjs",
  setup: () => "npm install mariadb",
  run: "node connect.mjs",
  render: ({ connection, host, port, schema, caPath }) =>
    lines(
      caPath !== null && 'import { readFileSync } from "node:fs";',
      'import mariadb from "mariadb";',
      "",
      "const connection = await mariadb.createConnection({",
      `  host: ${json(host)},`,
      `  port: ${port},`,
      `  user: ${json(connection)},`,
      "  password: process.env.SALLYPORT_TOKEN,",
      schema !== null && `  database: ${json(schema)},`,
      `  ssl: ${caPath === null ? "true" : `{ ca: readFileSync(${json(caPath)}, "utf8") }`},`,
      "});",
      'console.log(await connection.query("SELECT 1 AS connected"));',
      "await connection.end();",
    ),
  notes: ["Without ssl the connector speaks in clear, and the gateway refuses the token."],
};
