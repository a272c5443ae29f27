import type { GatewaySnapshot, SnapshotConnection } from "@/lib/policy/snapshot";
import { upstreamKey } from "../login/login";
import type { CataloguedConnection } from "./catalogues";

/** The connections whose catalogues a gateway keeps: those that some policy is about. */
export function cataloguedConnections(
  snapshot: GatewaySnapshot,
  openPassword: (connection: SnapshotConnection) => string,
): readonly CataloguedConnection[] {
  return [...snapshot.byId.values()]
    .filter((connection) => connection.policies.length > 0)
    .map((connection) => {
      const { id, name, host, port, user, tls, ca } = connection;
      return {
        id,
        name,
        key: upstreamKey(connection),
        refreshSeconds: connection.catalogue.refresh_seconds,
        target: () => ({ host, port, user, tls, ca, password: openPassword(connection) }),
      };
    });
}
