import { dbhub } from "./dbhub";
import { go } from "./go";
import { jdbc } from "./jdbc";
import { mariadbCli } from "./mariadb-cli";
import { mariadbNode } from "./mariadb-node";
import { mcpGeneric } from "./mcp-generic";
import { mcpSdk } from "./mcp-sdk";
import { mcpServerMysql } from "./mcp-server-mysql";
import { mysqlCli } from "./mysql-cli";
import { mysql2 } from "./mysql2";
import { phpMysqli } from "./php-mysqli";
import { phpPdo } from "./php-pdo";
import { pymysql } from "./pymysql";
import type { SnippetClient } from "./snippet";
import { sqlalchemy } from "./sqlalchemy";

/** Every client that has a snippet, in the order the page shows them. A new one is one file and one line here. */
export const SNIPPET_CLIENTS: readonly SnippetClient[] = [
  mcpServerMysql,
  dbhub,
  mcpSdk,
  mcpGeneric,
  mariadbCli,
  mysqlCli,
  mysql2,
  mariadbNode,
  pymysql,
  sqlalchemy,
  jdbc,
  go,
  phpMysqli,
  phpPdo,
];
