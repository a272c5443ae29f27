import { describe, expect, it } from "vitest";
import { CONSOLE_PAGES, CONSOLE_ROUTES, OPEN_ROUTES } from "@/lib/auth/routes";
import { addressOf, sourceFiles } from "./source-tree";

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
const files = sourceFiles("app");
const open: readonly string[] = OPEN_ROUTES;

const pages = files.filter((file) => /(^|\/)page\.tsx$/.test(file.path) && !open.includes(addressOf(file.path)));
const routes = files.filter((file) => /(^|\/)route\.ts$/.test(file.path) && !open.includes(addressOf(file.path)));
const actions = files.filter((file) => /^\s*["']use server["']/m.test(file.text));

/** Method and permission of each handler of a route file; every export must be made by consoleRoute. */
function handlersOf(text: string): { method: string; permission: string | null }[] {
  const exported = [...text.matchAll(/export\s+(?:const|(?:async\s+)?function)\s+([A-Z]+)\b([^;{]*?)(?=\(|=)/g)];
  return exported
    .filter((match) => METHODS.includes(match[1] ?? ""))
    .map((match) => {
      const rest = text.slice(match.index);
      const made = /^export const [A-Z]+ = consoleRoute(?:<[^(]*>)?\(\s*"([a-z:-]+)"/.exec(rest);
      return { method: match[1] ?? "", permission: made?.[1] ?? null };
    });
}

describe("every page checks its permission", () => {
  it.each(pages.map((file) => [addressOf(file.path), file.text]))("%s, as the table of pages says", (address, text) => {
    const body = /export default async function \w+\([\s\S]*?\)(?:: [^{]+)? \{\s*([^\n]*)/.exec(text)?.[1] ?? "";
    const asked = /await requirePermission\("([a-z:-]+)"\)/.exec(body)?.[1];
    expect(asked, "its first line must be await requirePermission(...)").toBeDefined();
    expect(CONSOLE_PAGES.find((page) => page.path === address)?.permission).toBe(asked);
  });

  it("and the table lists no page that does not exist", () => {
    const existing = pages.map((file) => addressOf(file.path));
    expect(CONSOLE_PAGES.map((page) => page.path).filter((path) => !existing.includes(path))).toEqual([]);
  });
});

describe("every route handler checks its permission", () => {
  it.each(routes.map((file) => [addressOf(file.path), file.text]))(
    "%s, as the table of routes says",
    (address, text) => {
      const handlers = handlersOf(text);
      expect(handlers.length).toBeGreaterThan(0);
      for (const { method, permission } of handlers) {
        const listed = CONSOLE_ROUTES.find((route) => route.path === address && route.method === method);
        expect(permission, `${method} must be made by consoleRoute`).not.toBeNull();
        expect(listed?.permission, `${method} must be in CONSOLE_ROUTES`).toBe(permission);
      }
      expect(text, "methods must not be exported under another name").not.toMatch(/export\s*\{/);
    },
  );

  it("and the table lists no route that does not exist", () => {
    const existing = routes.flatMap((file) =>
      handlersOf(file.text).map((handler) => `${handler.method} ${addressOf(file.path)}`),
    );
    expect(CONSOLE_ROUTES.map((route) => `${route.method} ${route.path}`).filter((r) => !existing.includes(r))).toEqual(
      [],
    );
  });
});

describe("every server action checks its permission", () => {
  it.each(actions.map((file) => [file.path, file.text]))("%s", (_path, text) => {
    const [, ...functions] = text.split(/^export async function /m);
    expect(functions.length).toBeGreaterThan(0);
    for (const one of functions) {
      const first = /\{\n\s+return (?:\w+\(\s*await )?consoleAction\(\s*"[a-z:-]+"/.exec(one)?.index;
      expect(first, `${one.split("(")[0]} must begin with return consoleAction("...", ...)`).toBe(one.search(/\{\n/));
    }
    expect(text, "actions are async functions, nothing else is exported").not.toMatch(/export\s+(?:const|let|\{|\*)/);
  });
});

describe("the open addresses", () => {
  it("are sign-in, sign-out and the page for people without a role, and all exist", () => {
    const existing = files
      .filter((file) => /(page\.tsx|route\.ts)$/.test(file.path))
      .map((file) => addressOf(file.path));
    expect(open.filter((address) => !existing.includes(address))).toEqual([]);
    expect([...open].toSorted()).toEqual(["/api/auth/[...nextauth]", "/api/auth/sign-out", "/no-role", "/sign-in"]);
  });
});
