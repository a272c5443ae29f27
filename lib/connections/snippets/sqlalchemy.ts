import { json } from "./quote";
import { lines, type SnippetClient } from "./snippet";

/** SQLAlchemy 1.4 and newer over PyMySQL. Every new connection of the pool reads the token anew. */
export const sqlalchemy: SnippetClient = {
  id: "sqlalchemy",
  label: "SQLAlchemy (Python)",
  group: "Driver",
  file: "connect.py",
  setup: () => "pip install sqlalchemy pymysql",
  run: "python3 connect.py",
  render: ({ connection, host, port, schema, caPath }) =>
    lines(
      "import os",
      caPath === null && "import ssl",
      "",
      "from sqlalchemy import create_engine, event, text",
      "from sqlalchemy.engine import URL",
      "",
      "engine = create_engine(",
      `    URL.create("mysql+pymysql", username=${json(connection)}, host=${json(host)}, port=${port}${schema === null ? "" : `, database=${json(schema)}`}),`,
      `    connect_args={"ssl": ${caPath === null ? "ssl.create_default_context()" : `{"ca": ${json(caPath)}, "check_hostname": True}`}},`,
      "    pool_pre_ping=True,",
      ")",
      "",
      "",
      '@event.listens_for(engine, "do_connect")',
      "def add_token(dialect, record, args, params):",
      '    params["password"] = os.environ["SALLYPORT_TOKEN"]',
      "",
      "",
      "with engine.connect() as connection:",
      '    print(connection.execute(text("SELECT 1 AS connected")).fetchall())',
    ),
  notes: [
    "add_token runs for every new connection of the pool: fetch a fresh token there if yours are short-lived.",
    "pool_pre_ping replaces connections whose token has ended.",
  ],
};
