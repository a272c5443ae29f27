import { consoleRoute } from "@/lib/auth/console-route";
import { gatewayEndpoint } from "@/lib/connections/gateway-endpoint";
import { SallyportError } from "@/lib/errors/error";

/** The public certificate of the authority that signed the gateway's, as a file. */
export const GET = consoleRoute("connect-agent:view", async () => {
  const { authority } = await gatewayEndpoint();
  if (authority === null) {
    throw new SallyportError(
      "NOT_FOUND",
      "The gateway's certificate needs no authority of its own, or it is not known here",
      {
        next: "Set GATEWAY_TLS_CA for the console if a private authority signed it",
      },
    );
  }
  return new Response(authority.pem, {
    headers: {
      "content-type": "application/x-pem-file",
      "content-disposition": 'attachment; filename="sallyport-ca.pem"',
      "cache-control": "no-store",
    },
  });
});
