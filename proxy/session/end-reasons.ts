import { SallyportError } from "@/lib/errors/error";
import type { EndReason } from "./registry";

/** What a client is told when the gateway ends its session. */
export function endError(reason: EndReason): SallyportError {
  switch (reason) {
    case "token_expired":
      return new SallyportError("TOKEN_EXPIRED", "The access token has expired and the session is closed", {
        next: "Log in again with a new token; an open transaction was rolled back",
      });
    case "revoked":
      return new SallyportError("SESSION_KILLED", "The access of this session was revoked", {
        next: "Ask an admin whether the identity, the connection or its policy has changed",
      });
    case "killed":
      return new SallyportError("SESSION_KILLED", "The session was ended by a kill request", { next: "Log in again" });
    case "drained":
      return new SallyportError("UNAVAILABLE", "The gateway is shutting down", { next: "Log in again" });
    case "upstream_lost":
      return new SallyportError("UNAVAILABLE", "The connection to the upstream was lost", {
        next: "Log in again; an open transaction was rolled back",
      });
    case "protocol_error":
      return new SallyportError("PROTOCOL_ERROR", "The client does not speak the MySQL protocol as it should", {
        next: "Check the driver and what stands between it and the gateway",
      });
    case "state_mismatch":
      return new SallyportError("UNAVAILABLE", "A statement changed the session behind the gateway's back", {
        next: "Log in again; do not change sql_mode, character sets or the schema inside of routines",
      });
    case "client_quit":
    case "client_lost":
    case "cut":
      return new SallyportError("UNAVAILABLE", "The session has ended", { next: "Log in again" });
    default:
      return reason satisfies never;
  }
}
