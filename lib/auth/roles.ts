import { ROLES, type Role } from "@/lib/ctx";

/**
 * The role matrix: what each role may do. Pages, actions, route handlers and navigation ask this table and nothing else.
 * A person without a role may do nothing.
 */
export const PERMISSIONS = {
  "overview:view": ["admin", "reviewer", "auditor"],
  "connections:view": ["admin", "reviewer", "auditor"],
  "connections:edit": ["admin"],
  "connections:test": ["admin"],
  "policies:view": ["admin", "reviewer", "auditor"],
  "policies:edit": ["admin"],
  "findings:view": ["admin", "auditor"],
  "findings:edit": ["admin"],
  "sessions:view": ["admin", "reviewer", "auditor"],
  "sessions:kill": ["admin", "reviewer"],
  "statements:view": ["admin", "reviewer", "auditor"],
  "approvals:view": ["admin", "reviewer", "auditor"],
  /** People decide: being an administrator gives no right to. */
  "approvals:decide": ["reviewer"],
  /** Taking an approval back before it is used. */
  "approvals:withdraw": ["admin", "reviewer"],
  "audit:view": ["admin", "auditor"],
  /** Results as clients saw them. Watching is an audit event. */
  "recordings:view": ["admin", "reviewer", "auditor"],
  "records:verify": ["admin", "auditor"],
  "records:export": ["admin", "auditor"],
  "streams:edit": ["admin"],
  /** Long work over the record: the impact of a draft, learning, unused privileges, self-tests. */
  "analyses:view": ["admin", "auditor"],
  "analyses:run": ["admin"],
  /** Saved views that everybody sees. */
  "views:share": ["admin"],
  "identities:view": ["admin", "auditor"],
  "identities:edit": ["admin"],
  "webhooks:edit": ["admin"],
  "connect-agent:view": ["admin", "reviewer", "auditor"],
} as const satisfies Record<string, readonly Role[]>;
export type Permission = keyof typeof PERMISSIONS;

/** Whether any of the roles has the permission. */
export function may(roles: readonly Role[], permission: Permission): boolean {
  const allowed: readonly Role[] = PERMISSIONS[permission];
  return roles.some((role) => allowed.includes(role));
}

/** The roles that a person's groups give, by the map of SALLYPORT_ROLES. */
export function rolesOf(groups: readonly string[], map: Readonly<Record<Role, readonly string[]>>): Role[] {
  return ROLES.filter((role) => map[role].some((group) => groups.includes(group)));
}
