import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

const ROOT = join(import.meta.dirname, "../..");

/** One file of the product's source, with its path from the project's root. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** The TypeScript files of the given folders and files, without tests. */
export function sourceFiles(...roots: readonly string[]): SourceFile[] {
  return roots.flatMap((root) => {
    const at = join(ROOT, root);
    const paths = /\.tsx?$/.test(root)
      ? [at]
      : readdirSync(at, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => join(entry.parentPath, entry.name));
    return paths
      .filter((path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$/.test(path))
      .map((path) => ({ path: relative(ROOT, path), text: readFileSync(path, "utf8") }));
  });
}

/** The text without comments and without the contents of strings and templates: what runs. */
export function codeOnly(text: string): string {
  return text
    .replaceAll(/\/\*[\s\S]*?\*\//g, "")
    .replaceAll(/(["'`])(?:\\.|(?!\1)[^\\])*\1/g, "$1$1")
    .replaceAll(/\/\/[^\n]*/g, "");
}

/** The address that Next gives a file of `app`: groups in parentheses vanish. */
export function addressOf(path: string): string {
  const segments = path.split("/").slice(1, -1);
  return `/${segments.filter((segment) => !segment.startsWith("(")).join("/")}`;
}
