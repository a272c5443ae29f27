import { php } from "./quote";
import { lines, type SnippetClient, tcpHost } from "./snippet";

/** PHP's PDO. It uses TLS only when one of the SSL attributes is set. */
export const phpPdo: SnippetClient = {
  id: "php-pdo",
  label: "PHP (PDO)",
  group: "Driver",
  file: "connect.php",
  setup: () => null,
  run: "php connect.php",
  render: ({ connection, host, port, schema, caPath }) =>
    lines(
      "<?php",
      `$dsn = ${php(`mysql:host=${tcpHost(host)};port=${port};charset=utf8mb4${schema === null ? "" : `;dbname=${schema.replaceAll(";", ";;")}`}`)};`,
      `$db = new PDO($dsn, ${php(connection)}, getenv('SALLYPORT_TOKEN'), [`,
      `    PDO::MYSQL_ATTR_SSL_CA => ${php(caPath ?? "/etc/ssl/certs/ca-certificates.crt")},`,
      "    PDO::MYSQL_ATTR_SSL_VERIFY_SERVER_CERT => true,",
      "    PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION,",
      "]);",
      "print_r($db->query('SELECT 1 AS connected')->fetchAll(PDO::FETCH_ASSOC));",
    ),
  notes: ["Without an SSL attribute PDO speaks in clear, and the gateway refuses the token."],
};
