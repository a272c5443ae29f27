import type { Permission } from "./roles";

/** A page of the console. Navigation, breadcrumbs, the palette and the tests of the role matrix read this table. */
export interface ConsolePage {
  /** As Next writes it, e.g. "/sessions/[id]". */
  readonly path: string;
  readonly title: string;
  readonly permission: Permission;
  /** Where it stands in the sidebar; pages without a group are reached from others. */
  readonly group?: "Activity" | "Policy" | "Admin";
}

export const CONSOLE_PAGES: readonly ConsolePage[] = [
  { path: "/", title: "Overview", permission: "overview:view", group: "Activity" },
  { path: "/approvals", title: "Approvals", permission: "approvals:view", group: "Activity" },
  { path: "/approvals/[id]", title: "Approval", permission: "approvals:view" },
  { path: "/approvals/history", title: "History", permission: "approvals:view" },
  { path: "/live", title: "Live", permission: "sessions:view", group: "Activity" },
  { path: "/sessions", title: "Sessions", permission: "sessions:view", group: "Activity" },
  { path: "/sessions/[id]", title: "Session", permission: "sessions:view" },
  { path: "/sessions/[id]/replay", title: "Replay", permission: "recordings:view" },
  { path: "/statements", title: "Statements", permission: "statements:view", group: "Activity" },
  { path: "/statements/[id]", title: "Statement", permission: "statements:view" },
  { path: "/statements/columns", title: "Who saw a column", permission: "statements:view" },
  { path: "/audit", title: "Audit", permission: "audit:view", group: "Activity" },
  { path: "/connections", title: "Connections", permission: "connections:view", group: "Policy" },
  { path: "/connections/[name]", title: "Connection", permission: "connections:view" },
  { path: "/masks", title: "Masks", permission: "policies:view", group: "Policy" },
  { path: "/policies", title: "Policies", permission: "policies:view", group: "Policy" },
  { path: "/policies/[id]", title: "Policy", permission: "policies:view" },
  { path: "/policies/new", title: "New policy", permission: "policies:edit" },
  { path: "/policies/unused", title: "Unused", permission: "analyses:view" },
  { path: "/policies/learn", title: "Learn", permission: "analyses:view" },
  { path: "/policies/learn/[id]", title: "Proposal", permission: "analyses:view" },
  { path: "/policies/history", title: "History", permission: "policies:view" },
  { path: "/policies/history/[number]", title: "Revision", permission: "policies:view" },
  { path: "/identities", title: "Identities", permission: "identities:view", group: "Admin" },
  { path: "/identities/[id]", title: "Identity", permission: "identities:view" },
  { path: "/settings", title: "Settings", permission: "webhooks:edit", group: "Admin" },
  { path: "/settings/webhooks", title: "Webhooks", permission: "webhooks:edit" },
  { path: "/settings/webhooks/[id]", title: "Webhook", permission: "webhooks:edit" },
  { path: "/settings/keys", title: "Keys", permission: "records:verify" },
  { path: "/settings/streams", title: "Event streams", permission: "streams:edit" },
  { path: "/settings/streams/[id]", title: "Event stream", permission: "streams:edit" },
  { path: "/settings/recordings", title: "Recordings", permission: "connections:edit" },
  { path: "/connect", title: "Connect an agent", permission: "connect-agent:view", group: "Admin" },
];

export const NAV_GROUPS = ["Activity", "Policy", "Admin"] as const;

/** A route handler of the console. The role matrix test requests each as each role. */
export interface ConsoleRoute {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly permission: Permission;
}

export const CONSOLE_ROUTES: readonly ConsoleRoute[] = [
  { method: "GET", path: "/api/stream", permission: "overview:view" },
  { method: "GET", path: "/api/approvals/count", permission: "approvals:view" },
  { method: "POST", path: "/api/approvals/pending", permission: "approvals:view" },
  { method: "GET", path: "/api/approvals/[id]", permission: "approvals:view" },
  { method: "POST", path: "/api/approvals/[id]/look", permission: "approvals:view" },
  { method: "POST", path: "/api/approvals/[id]/approve", permission: "approvals:decide" },
  { method: "POST", path: "/api/approvals/[id]/deny", permission: "approvals:decide" },
  { method: "POST", path: "/api/approvals/[id]/withdraw", permission: "approvals:withdraw" },
  { method: "POST", path: "/api/approvals/deny", permission: "approvals:decide" },
  { method: "GET", path: "/api/sessions/pulse", permission: "sessions:view" },
  { method: "GET", path: "/api/sessions/[id]/live", permission: "sessions:view" },
  { method: "GET", path: "/api/sessions/[id]/integrity", permission: "recordings:view" },
  { method: "GET", path: "/api/live", permission: "sessions:view" },
  { method: "POST", path: "/api/sessions/[id]/follow", permission: "recordings:view" },
  { method: "POST", path: "/api/sessions/[id]/kill", permission: "sessions:kill" },
  { method: "GET", path: "/api/sessions/[id]/replay", permission: "recordings:view" },
  { method: "GET", path: "/api/sessions/[id]/replay/[statement]", permission: "recordings:view" },
  { method: "GET", path: "/api/sessions/[id]/replay/search", permission: "recordings:view" },
  { method: "GET", path: "/api/sessions/[id]/replay/export", permission: "records:export" },
  { method: "POST", path: "/api/sessions/[id]/replay/watched", permission: "recordings:view" },
  { method: "POST", path: "/api/connections/test", permission: "connections:test" },
  { method: "GET", path: "/api/connections/[id]/names", permission: "connections:view" },
  { method: "GET", path: "/api/connections/[id]/table", permission: "connections:view" },
  { method: "POST", path: "/api/connections/[id]/account", permission: "connections:test" },
  { method: "POST", path: "/api/connections/[id]/restricted/script", permission: "connections:edit" },
  { method: "POST", path: "/api/connections/[id]/restricted/test", permission: "connections:test" },
  { method: "GET", path: "/api/connections/[id]/suggestions", permission: "findings:view" },
  { method: "POST", path: "/api/masks/check", permission: "policies:view" },
  { method: "POST", path: "/api/policies/check", permission: "policies:view" },
  { method: "POST", path: "/api/policies/try", permission: "policies:view" },
  { method: "POST", path: "/api/policies/unused", permission: "analyses:run" },
  { method: "POST", path: "/api/policies/surface", permission: "policies:view" },
  { method: "POST", path: "/api/policies/learn", permission: "analyses:run" },
  { method: "GET", path: "/api/policies/learn/[id]", permission: "analyses:view" },
  { method: "POST", path: "/api/policies/impact", permission: "analyses:run" },
  { method: "GET", path: "/api/policies/impact/[id]", permission: "analyses:view" },
  { method: "POST", path: "/api/policies/impact/known", permission: "analyses:view" },
  { method: "GET", path: "/api/analyses/[id]", permission: "analyses:view" },
  { method: "DELETE", path: "/api/analyses/[id]", permission: "analyses:run" },
  { method: "POST", path: "/api/self-tests", permission: "analyses:run" },
  { method: "GET", path: "/api/self-tests/[id]/export", permission: "records:export" },
  { method: "GET", path: "/api/record/key", permission: "records:verify" },
  { method: "GET", path: "/api/record/verification", permission: "records:verify" },
  { method: "POST", path: "/api/record/verification", permission: "records:verify" },
  { method: "DELETE", path: "/api/record/verification", permission: "records:verify" },
  { method: "GET", path: "/api/connect/ca", permission: "connect-agent:view" },
  { method: "GET", path: "/api/connect/logins", permission: "connect-agent:view" },
  { method: "GET", path: "/api/statements/new", permission: "statements:view" },
  { method: "GET", path: "/api/statements/names", permission: "statements:view" },
  { method: "POST", path: "/api/statements/export", permission: "records:export" },
  { method: "POST", path: "/api/statements/columns/export", permission: "records:export" },
  { method: "POST", path: "/api/audit/export", permission: "records:export" },
  { method: "GET", path: "/api/views", permission: "overview:view" },
  { method: "POST", path: "/api/views", permission: "overview:view" },
  { method: "PATCH", path: "/api/views/[id]", permission: "overview:view" },
  { method: "DELETE", path: "/api/views/[id]", permission: "overview:view" },
  { method: "GET", path: "/api/statements/[id]", permission: "statements:view" },
  { method: "GET", path: "/api/connections/[id]/retention", permission: "connections:edit" },
  { method: "GET", path: "/api/identities/[id]/running", permission: "identities:edit" },
  { method: "POST", path: "/api/identities/[id]/status", permission: "identities:edit" },
  { method: "POST", path: "/api/identities/[id]/sign-out", permission: "identities:edit" },
  { method: "PUT", path: "/api/identities/[id]/owner", permission: "identities:edit" },
  { method: "POST", path: "/api/webhooks", permission: "webhooks:edit" },
  { method: "PUT", path: "/api/webhooks/[id]", permission: "webhooks:edit" },
  { method: "DELETE", path: "/api/webhooks/[id]", permission: "webhooks:edit" },
  { method: "POST", path: "/api/webhooks/[id]/test", permission: "webhooks:edit" },
  { method: "POST", path: "/api/webhooks/deliveries/[id]/redeliver", permission: "webhooks:edit" },
  { method: "POST", path: "/api/streams", permission: "streams:edit" },
  { method: "PUT", path: "/api/streams/[id]", permission: "streams:edit" },
  { method: "DELETE", path: "/api/streams/[id]", permission: "streams:edit" },
  { method: "POST", path: "/api/streams/[id]/test", permission: "streams:edit" },
];

/** Addresses that need no role: signing in and out, and the page that explains a missing role. */
export const OPEN_ROUTES = ["/sign-in", "/no-role", "/api/auth/[...nextauth]", "/api/auth/sign-out"] as const;
