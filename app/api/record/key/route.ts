import { consoleRoute } from "@/lib/auth/console-route";
import { deploymentSigner } from "@/lib/chain/process-chain";

/** The public key of the record's chains, as a file. */
export const GET = consoleRoute("records:verify", async () => {
  const { keyId, publicKey } = deploymentSigner();
  return new Response(publicKey, {
    headers: {
      "content-type": "application/x-pem-file",
      "content-disposition": `attachment; filename="sallyport-record-${keyId}.pem"`,
      "cache-control": "no-store",
    },
  });
});
