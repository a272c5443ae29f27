import { asc, eq } from "drizzle-orm";
import { authorise } from "@/lib/auth/authorise";
import { discoverProvider } from "@/lib/auth/discovery";
import { env } from "@/lib/config/env";
import type { Ctx } from "@/lib/ctx";
import { connections, policies } from "@/lib/db/schema";
import { type GatewayEndpoint, gatewayEndpoint } from "./gateway-endpoint";

export interface AgentConnection {
  readonly name: string;
  readonly schema: string | null;
  /** Client ids that a policy binds to it. */
  readonly clientIds: readonly string[];
  /** Whether any policy binds anyone. */
  readonly bound: boolean;
}

/** What a page needs to write an agent's configuration. Nothing of it is secret. */
export interface AgentFacts {
  readonly gateway: GatewayEndpoint;
  readonly connections: readonly AgentConnection[];
  readonly audience: string;
  /** null when the IdP's discovery document could not be read. */
  readonly tokenEndpoint: string | null;
  readonly issuer: string;
  /** The demo's clients have known secrets. */
  readonly embedded: boolean;
}

/** Everything for "Connect an agent": the gateway, the connections with the clients bound to them, and the IdP. */
export async function agentFacts(ctx: Ctx): Promise<AgentFacts> {
  authorise(ctx, "connect-agent:view");
  const { OIDC_ISSUER, OIDC_AUDIENCE } = env("oidc");
  const [gateway, listed, bound, provider] = await Promise.all([
    gatewayEndpoint(),
    ctx.db
      .select({ id: connections.id, name: connections.name, schema: connections.schema })
      .from(connections)
      .orderBy(asc(connections.name)),
    ctx.db
      .select({ connectionId: policies.connectionId, identities: policies.identities })
      .from(policies)
      .innerJoin(connections, eq(policies.connectionId, connections.id)),
    discoverProvider(OIDC_ISSUER).catch(() => null),
  ]);
  return {
    gateway,
    connections: listed.map(({ id, name, schema }) => {
      const bindings = bound.filter((one) => one.connectionId === id).flatMap((one) => one.identities);
      const clientIds = bindings.flatMap((one) => ("client_id" in one ? [one.client_id] : []));
      return { name, schema, clientIds: [...new Set(clientIds)], bound: bindings.length > 0 };
    }),
    audience: OIDC_AUDIENCE,
    tokenEndpoint: provider?.tokenEndpoint ?? null,
    issuer: OIDC_ISSUER,
    embedded: env("process").SALLYPORT_EMBEDDED,
  };
}
