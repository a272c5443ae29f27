// What is printed when everything answers.
import { relative } from "node:path";
import { bold, dim } from "./progress.mjs";

/** @param {import("./environment.mjs").Variables} variables @param {import("../start.mjs").Choice} choice */
export function printWelcome(variables, choice) {
  const {
    CONSOLE_URL = "",
    GATEWAY_PORT = "",
    GATEWAY_OPS_PORT = "",
    OIDC_ISSUER = "",
    DEV_DB_PORT = "",
    GATEWAY_TLS_CA = "",
    DATA_DIR = "",
  } = variables;
  const ca = relative(process.cwd(), GATEWAY_TLS_CA);
  const lines = [""];
  if (choice.console) {
    lines.push(
      `${bold("Console")}   ${CONSOLE_URL}`,
      dim("          sign in with one click as Ada (admin), Rita or Otto (reviewers), Amir (auditor), Nils (no role)"),
    );
  }
  if (choice.gateway) {
    lines.push(
      `${bold("Gateway")}   mysql://127.0.0.1:${GATEWAY_PORT}  ${dim(`health and metrics: http://127.0.0.1:${GATEWAY_OPS_PORT}/metrics`)}`,
    );
  }
  lines.push(
    `${bold("IdP")}       ${OIDC_ISSUER}  ${dim("development only; agents: orders-agent, support-agent")}`,
    `${bold("MariaDB")}   127.0.0.1:${DEV_DB_PORT}  ${dim("databases sallyport (the store) and shop (the demo)")}`,
    `${bold("Settings")}  ${relative(process.cwd(), DATA_DIR) || "."}/env.json`,
  );
  if (choice.gateway) {
    const elsewhere = process.env.DATA_DIR ? `DATA_DIR=${DATA_DIR} ` : "";
    lines.push(
      "",
      "Connect as an agent, with any MySQL client and a token as the password:",
      "",
      `  mariadb --host=127.0.0.1 --port=${GATEWAY_PORT} --user=shop --ssl-ca=${ca} --ssl-verify-server-cert \\`,
      `    --password="$(${elsewhere}npx sallyport token --client orders-agent --secret orders-agent-secret)" shop`,
    );
  }
  console.log(`${lines.join("\n")}\n\nready`);
}
