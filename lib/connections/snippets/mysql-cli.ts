import { shell } from "./quote";
import { lines, type SnippetClient } from "./snippet";

/** MySQL's own command line client (MySQL manual, "mysql Client Options"). */
export const mysqlCli: SnippetClient = {
  id: "mysql-cli",
  label: "mysql command line",
  group: "Command line",
  file: null,
  setup: () => null,
  run: null,
  render: ({ connection, host, port, schema, caPath }) =>
    lines(
      `MYSQL_PWD="$SALLYPORT_TOKEN" mysql --protocol=TCP --host=${shell(host)} --port=${port} --user=${connection} \\`,
      `  --ssl-mode=VERIFY_IDENTITY${caPath === null ? "" : ` --ssl-ca=${shell(caPath)}`}${schema === null ? "" : ` ${shell(schema)}`}`,
    ),
  notes: [
    "MYSQL_PWD keeps the token out of the process list and the shell's history.",
    "On Debian and Ubuntu the command mysql may be MariaDB's: if it does not know --ssl-mode, use the mariadb snippet.",
  ],
};
