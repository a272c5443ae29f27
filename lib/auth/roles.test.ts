import { describe, expect, it } from "vitest";
import { ROLES } from "@/lib/ctx";
import { may, PERMISSIONS, rolesOf } from "./roles";
import { CONSOLE_PAGES, CONSOLE_ROUTES } from "./routes";

/** The whole matrix, written out: a change of rights must change this table too. */
const MATRIX: Record<string, string> = {
  "/": "admin reviewer auditor",
  "/sessions": "admin reviewer auditor",
  "/statements": "admin reviewer auditor",
  "/audit": "admin auditor",
  "/connections": "admin reviewer auditor",
  "/masks": "admin reviewer auditor",
  "/policies/learn": "admin auditor",
  "/policies/learn/[id]": "admin auditor",
  "POST /api/policies/learn": "admin",
  "GET /api/policies/learn/[id]": "admin auditor",
  "/identities": "admin auditor",
  "/connect": "admin reviewer auditor",
  "GET /api/stream": "admin reviewer auditor",
  "POST /api/identities/[id]/status": "admin",
  "POST /api/identities/[id]/sign-out": "admin",
  "POST /api/masks/check": "admin reviewer auditor",
  "POST /api/connections/[id]/account": "admin",
  "POST /api/connections/[id]/restricted/script": "admin",
  "POST /api/connections/[id]/restricted/test": "admin",
  "GET /api/connections/[id]/suggestions": "admin auditor",
  "POST /api/sessions/[id]/kill": "admin reviewer",
};

const allowed = (permission: keyof typeof PERMISSIONS) => ROLES.filter((role) => may([role], permission)).join(" ");

describe("the role matrix", () => {
  it.each(Object.entries(MATRIX))("%s is for: %s", (address, roles) => {
    const [first = "", path] = address.split(" ");
    const entry =
      path === undefined
        ? CONSOLE_PAGES.find((page) => page.path === first)
        : CONSOLE_ROUTES.find((route) => route.path === path && route.method === first);
    expect(entry && allowed(entry.permission)).toBe(roles);
  });

  it("gives a person without a role nothing", () => {
    const permissions = Object.keys(PERMISSIONS) as (keyof typeof PERMISSIONS)[];
    expect(permissions.filter((permission) => may([], permission))).toEqual([]);
  });

  it("lets nobody but administrators change connections, policies and identities", () => {
    for (const [permission, roles] of Object.entries(PERMISSIONS)) {
      if (permission.endsWith(":edit") || permission.endsWith(":test")) expect(roles, permission).toEqual(["admin"]);
    }
  });

  it("lets reviewers decide on approvals, and nobody else; administrators may only take one back", () => {
    expect(allowed("approvals:view")).toBe("admin reviewer auditor");
    expect(allowed("approvals:decide")).toBe("reviewer");
    expect(allowed("approvals:withdraw")).toBe("admin reviewer");
    expect(allowed("webhooks:edit")).toBe("admin");
  });

  it("takes roles from groups by exact name, several at once", () => {
    const map = { admin: ["ops"], reviewer: ["dba", "ops"], auditor: ["Audit"] };
    expect(rolesOf(["ops"], map)).toEqual(["admin", "reviewer"]);
    expect(rolesOf(["OPS", "audit", "op"], map)).toEqual([]);
    expect(rolesOf([], map)).toEqual([]);
  });
});
