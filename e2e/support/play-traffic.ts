import { connectAgent, type Played, playTraffic } from "@/scripts/traffic/play";
import type { AgentStatement } from "@/scripts/traffic/statement";
import { clientOptions, type GatewayUnderTest } from "./wire-gateway";

const PATIENCE_MS = 60_000;

/**
 * Plays statements through a gateway under test as the identity `name` (its client id and subject), as fast as they are answered. What the
 * gateway recorded is in `gateway.observed`.
 */
export async function playAs(
  gateway: GatewayUnderTest,
  name: string,
  statements: Iterable<AgentStatement>,
): Promise<readonly Played[]> {
  const { ssl, ...to } = clientOptions(gateway, `token-${name} ${"x".repeat(100)}`);
  const connect = () => connectAgent(name, to, ssl.ca, undefined);
  const played: Played[] = [];
  for await (const one of playTraffic(statements, { connect, patienceMs: PATIENCE_MS })) played.push(one);
  return played;
}
