import { isIpAddress } from "../address";
import { json } from "./quote";
import { lines, type SnippetClient } from "./snippet";

/** mysql2 for Node.js. `verifyIdentity` compares names only: with an IP address it would look for "localhost". */
export const mysql2: SnippetClient = {
  id: "mysql2",
  label: "mysql2 (Node.js)",
  group: "Driver",
  file: "connect.mjs",
  setup: () => "npm install mysql2",
  run: "node connect.mjs",
  render: ({ connection, host, port, schema, caPath }) =>
    lines(
      caPath !== null && 'import { readFileSync } from "node:fs";',
      'import mysql from "mysql2/promise";',
      "",
      "const connection = await mysql.createConnection({",
      `  host: ${json(host)},`,
      `  port: ${port},`,
      `  user: ${json(connection)},`,
      "  password: process.env.SALLYPORT_TOKEN,",
      schema !== null && `  database: ${json(schema)},`,
      `  ssl: { ${[
        ...(caPath === null ? [] : [`ca: readFileSync(${json(caPath)})`]),
        ...(isIpAddress(host) ? [] : ["verifyIdentity: true"]),
      ].join(", ")} },`,
      "});",
      'const [rows] = await connection.query("SELECT 1 AS connected");',
      "console.log(rows);",
      "await connection.end();",
    ),
  notes: [
    "Without ssl mysql2 speaks in clear, and the gateway refuses the token.",
    "A pool opens connections later: give it a fresh token then, or recreate the pool before the token ends.",
  ],
};
