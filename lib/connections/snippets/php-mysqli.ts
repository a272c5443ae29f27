import { php } from "./quote";
import { lines, type SnippetClient, tcpHost } from "./snippet";

/** PHP's mysqli. It uses no TLS unless told, and takes the host "localhost" for a socket file. */
export const phpMysqli: SnippetClient = {
  id: "php-mysqli",
  label: "PHP (mysqli)",
  group: "Driver",
  file: "connect.php",
  setup: () => null,
  run: "php connect.php",
  render: ({ connection, host, port, schema, caPath }) =>
    lines(
      "<?php",
      "mysqli_report(MYSQLI_REPORT_ERROR | MYSQLI_REPORT_STRICT);",
      "$db = mysqli_init();",
      "$db->options(MYSQLI_OPT_SSL_VERIFY_SERVER_CERT, true);",
      `$db->ssl_set(null, null, ${caPath === null ? "null" : php(caPath)}, null, null);`,
      `$db->real_connect(${php(tcpHost(host))}, ${php(connection)}, getenv('SALLYPORT_TOKEN'), ${schema === null ? "null" : php(schema)}, ${port}, null, MYSQLI_CLIENT_SSL);`,
      "print_r($db->query('SELECT 1 AS connected')->fetch_all(MYSQLI_ASSOC));",
    ),
  notes: ["Without MYSQLI_CLIENT_SSL mysqli speaks in clear, and the gateway refuses the token."],
};
