import { requestClientToken } from "@/lib/auth/client-token";
import { env, namedVariable } from "@/lib/config/env";
import { defineCommand, usage } from "../command";

const SECRET_VARIABLE = "SALLYPORT_CLIENT_SECRET";

export const token = defineCommand({
  name: "token",
  summary: "get an access token for a machine client",
  help: `Usage: sallyport token --client ID [--secret SECRET] [--audience URI] [--scope SCOPE] [--json]

Gets an access token from the identity provider (OIDC_ISSUER) with the client credentials grant, and prints it and nothing else:
it is the password for the gateway.

      --client ID        the client's id
      --secret SECRET    its secret; better in the variable ${SECRET_VARIABLE}, which other users cannot see
      --audience URI     what the token is for (default: OIDC_AUDIENCE, urn:sallyport)
      --scope SCOPE      default: mysql:connect
      --json             print the token with its lifetime as JSON

Example:
  mysql -h 127.0.0.1 -P 3307 -u shop -p"$(sallyport token --client orders-agent --secret orders-agent-secret)" --ssl`,
  options: {
    client: { type: "string" },
    secret: { type: "string" },
    audience: { type: "string" },
    scope: { type: "string" },
  },
  run: async ({ client, secret = namedVariable(SECRET_VARIABLE), audience, scope = "mysql:connect" }) => {
    if (client === undefined) {
      throw usage("token", "the client's id is missing (--client ID)");
    }
    if (secret === undefined || secret === "") {
      throw usage("token", `the client's secret is missing (--secret or ${SECRET_VARIABLE})`);
    }
    const { OIDC_ISSUER, OIDC_AUDIENCE } = env("oidc");
    const given = await requestClientToken({
      issuer: OIDC_ISSUER,
      clientId: client,
      clientSecret: secret,
      audience: audience ?? OIDC_AUDIENCE,
      scope,
    });
    return {
      text: given.accessToken,
      json: { access_token: given.accessToken, token_type: "Bearer", expires_in: given.expiresIn },
    };
  },
});
