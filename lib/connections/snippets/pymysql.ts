import { json } from "./quote";
import { lines, type SnippetClient } from "./snippet";

/** PyMySQL 1.0 and newer. It uses no TLS unless told. */
export const pymysql: SnippetClient = {
  id: "pymysql",
  label: "PyMySQL (Python)",
  group: "Driver",
  file: "connect.py",
  setup: () => "pip install pymysql",
  run: "python3 connect.py",
  render: ({ connection, host, port, schema, caPath }) =>
    lines(
      "import os",
      caPath === null && "import ssl",
      "",
      "import pymysql",
      "",
      "connection = pymysql.connect(",
      `    host=${json(host)},`,
      `    port=${port},`,
      `    user=${json(connection)},`,
      '    password=os.environ["SALLYPORT_TOKEN"],',
      schema !== null && `    database=${json(schema)},`,
      caPath === null
        ? "    ssl=ssl.create_default_context(),"
        : `    ssl={"ca": ${json(caPath)}, "check_hostname": True},`,
      ")",
      "with connection, connection.cursor() as cursor:",
      '    cursor.execute("SELECT 1 AS connected")',
      "    print(cursor.fetchall())",
    ),
  notes: ["PyMySQL uses no TLS unless ssl is given: without it the gateway refuses the token."],
};
