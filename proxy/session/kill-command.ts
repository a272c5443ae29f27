import type { MysqlError } from "@/lib/errors/mysql";
import { mysqlError } from "@/lib/errors/mysql";
import type { KillRequest } from "./kill-request";
import type { GatewayPorts } from "./ports";
import { unknownThread } from "./refusals";
import type { LiveSession } from "./registry";

/**
 * Carries out a KILL of another session than the asking one: `target` is the identity's own session of that id in this process,
 * or null to ask the other processes. Resolves to the client's error, or null when it is done. Never rejects.
 */
export async function killOther(
  request: KillRequest,
  target: LiveSession | null,
  identityId: string,
  ports: GatewayPorts,
): Promise<MysqlError | null> {
  try {
    if (target === null) {
      const found = await ports.killElsewhere(identityId, request.id, request.statementOnly);
      return found ? null : unknownThread(request.id);
    }
    if (request.statementOnly) {
      await target.killStatement();
    } else {
      target.terminate("killed");
    }
    return null;
  } catch (error) {
    return mysqlError(error);
  }
}
