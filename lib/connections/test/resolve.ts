import { lookup } from "node:dns/promises";
import { isIpAddress, refusedAddress } from "../address";
import { StepFailure } from "./steps";
import { withTimeout } from "./with-timeout";

const DNS_MS = 5_000;

/**
 * The address to connect to. Later steps use this one and never ask again, so that a name cannot change under the check.
 * A name of which any address is refused is refused.
 */
export async function resolveHost(host: string): Promise<{ address: string; all: readonly string[] }> {
  const all = isIpAddress(host) ? [host] : await addressesOf(host);
  for (const address of all) {
    const reason = refusedAddress(address);
    if (reason !== null) {
      throw new StepFailure(
        `${host} is ${address}, ${reason}. Sallyport does not connect there.`,
        "Use the address of the database server itself.",
      );
    }
  }
  const address = all[0];
  if (address === undefined) {
    throw new StepFailure(`${host} has no address.`, "Check the name, or use an IP address.");
  }
  return { address, all };
}

async function addressesOf(host: string): Promise<string[]> {
  try {
    const found = await withTimeout(lookup(host, { all: true }), DNS_MS, "ETIMEOUT");
    return found.map((one) => one.address);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (code === "ENOTFOUND" || code === "ENODATA") {
      throw new StepFailure(
        `No such host: ${host}.`,
        "Check the spelling. Inside containers, use the service's name or an IP address that the gateway can reach.",
      );
    }
    throw new StepFailure(
      `The name server gave no answer for ${host}.`,
      "Try again. If it stays so, check the name server of the machine that runs Sallyport, or use an IP address.",
    );
  }
}
