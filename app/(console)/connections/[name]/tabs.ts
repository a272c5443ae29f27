import type { Permission } from "@/lib/auth/roles";

/** The parts of a connection's page, each for those who may see it. */
export const CONNECTION_TABS = [
  { value: "connect", label: "Connect", permission: "connect-agent:view" },
  { value: "schema", label: "Schema", permission: "connections:view" },
  { value: "access", label: "Who may connect", permission: "policies:view" },
  { value: "self-test", label: "Self-test", permission: "analyses:view" },
  { value: "settings", label: "Settings", permission: "connections:edit" },
  { value: "credential", label: "Credential", permission: "connections:edit" },
  { value: "account", label: "Account", permission: "connections:test" },
  { value: "sessions", label: "Sessions", permission: "sessions:view" },
  { value: "activity", label: "Activity", permission: "audit:view" },
  { value: "danger", label: "Danger", permission: "connections:edit" },
] as const satisfies readonly { value: string; label: string; permission: Permission }[];

export type ConnectionTab = (typeof CONNECTION_TABS)[number]["value"];
