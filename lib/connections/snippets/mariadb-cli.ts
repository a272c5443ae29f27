import { shell } from "./quote";
import { lines, type SnippetClient } from "./snippet";

/** MariaDB's command line client. Before 11.4 it verifies the certificate only when told to. */
export const mariadbCli: SnippetClient = {
  id: "mariadb-cli",
  label: "mariadb command line",
  group: "Command line",
  file: null,
  setup: () => null,
  run: null,
  render: ({ connection, host, port, schema, caPath }) =>
    lines(
      `MYSQL_PWD="$SALLYPORT_TOKEN" mariadb --protocol=TCP --host=${shell(host)} --port=${port} --user=${connection} \\`,
      `  --ssl --ssl-verify-server-cert${caPath === null ? "" : ` --ssl-ca=${shell(caPath)}`}${schema === null ? "" : ` ${shell(schema)}`}`,
    ),
  notes: ["MYSQL_PWD keeps the token out of the process list and the shell's history."],
};
