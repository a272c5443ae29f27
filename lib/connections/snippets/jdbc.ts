import { java, shell } from "./quote";
import { hostPort, lines, type SnippetClient } from "./snippet";

const STORE = "sallyport-ca.p12";

/** MySQL Connector/J 8.0.13 and newer. Java trusts key stores, so the authority goes into one first; it holds no secret. */
export const jdbc: SnippetClient = {
  id: "jdbc",
  label: "JDBC (Connector/J)",
  group: "Driver",
  file: "Connect.java",
  setup: ({ caPath }) =>
    caPath === null
      ? null
      : `keytool -importcert -noprompt -alias sallyport -file ${shell(caPath)} -keystore ${STORE} -storetype PKCS12 -storepass changeit`,
  run: "java -cp mysql-connector-j.jar Connect.java",
  render: (facts) =>
    lines(
      "import java.sql.DriverManager;",
      "import java.util.Properties;",
      "",
      "public class Connect {",
      "  public static void main(String[] args) throws Exception {",
      "    var properties = new Properties();",
      `    properties.setProperty("user", ${java(facts.connection)});`,
      '    properties.setProperty("password", System.getenv("SALLYPORT_TOKEN"));',
      '    properties.setProperty("sslMode", "VERIFY_IDENTITY");',
      ...(facts.caPath === null
        ? []
        : [
            `    properties.setProperty("trustCertificateKeyStoreUrl", "file:${STORE}");`,
            '    properties.setProperty("trustCertificateKeyStoreType", "PKCS12");',
            '    properties.setProperty("trustCertificateKeyStorePassword", "changeit");',
          ]),
      `    var url = "jdbc:mysql://${hostPort(facts)}/" + ${java(encodeURIComponent(facts.schema ?? ""))};`,
      "    try (var connection = DriverManager.getConnection(url, properties);",
      "        var statement = connection.createStatement();",
      '        var rows = statement.executeQuery("SELECT 1 AS connected")) {',
      "      while (rows.next()) System.out.println(rows.getInt(1));",
      "    }",
      "  }",
      "}",
    ),
  notes: ["The key store holds the public certificate of the gateway's authority only; its password protects nothing."],
};
