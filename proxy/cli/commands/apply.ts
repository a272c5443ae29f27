import { dirname, resolve } from "node:path";
import { namedVariable } from "@/lib/config/env";
import { type Applied, applyConfiguration } from "@/lib/policy/apply/apply";
import { defineCommand, usage } from "../command";
import { readConfiguration, readText } from "../read-configuration";
import { withStore } from "../with-store";

const SIGNS = { create: "+", update: "~", delete: "-" } as const;

/** The changes as text, one object per line and its details below it. */
function describe({ changes, untouched, warnings, revision }: Applied, check: boolean): string {
  const lines = changes.flatMap((change) => [
    `${SIGNS[change.action]} ${change.kind} ${change.name}`,
    ...change.details.map((detail) => `    ${detail}`),
  ]);
  if (untouched.length > 0) {
    lines.push(`Not in the file and left alone (--prune deletes them): ${untouched.join(", ")}`);
  }
  lines.push(...warnings.map((one) => `warning: line ${one.line}: ${one.path}: ${one.message}`));
  const count = `${changes.length} ${changes.length === 1 ? "change" : "changes"}`;
  if (changes.length === 0) {
    lines.push("No change.");
  } else {
    lines.push(check ? `${count}. Nothing was applied (--check).` : `${count} applied as revision ${revision}.`);
  }
  return lines.join("\n");
}

export const apply = defineCommand({
  name: "apply",
  summary: "change connections, masks and policies to what a file says, all or nothing",
  help: `Usage: sallyport apply -f FILE [--check] [--prune] [--json]

Reads a configuration file (YAML or JSON), checks all of it, prints what changes, and applies it as one revision.
With any problem in the file nothing is changed; every problem is listed with its line, and the exit code is 2.
Applying the same file again changes nothing. A rule that is valid and can not match (a table that the upstream does not
have, a template that is not understood) is a warning, with its line, and so is a mask that matches no column or does not fit it.

  -f, --file FILE   the file; - reads standard input
      --check       check the file and print the changes, apply nothing
      --prune       delete connections, masks and policies that the file does not name (without it they are left alone)
      --json        print the result as JSON

A connection's password is { env: NAME }, { file: PATH } (relative to the configuration file) or { value: "..." }.
An exported file names SALLYPORT_<CONNECTION>_PASSWORD: while that variable is not set, the stored password stays.
So it is with a restricted account (restricted: { user, password }) and SALLYPORT_<CONNECTION>_RESTRICTED_PASSWORD.

Example:
  SHOP_PASSWORD=... sallyport apply -f sallyport.yaml --check`,
  options: {
    file: { type: "string", short: "f" },
    check: { type: "boolean" },
    prune: { type: "boolean" },
  },
  run: async ({ file, check = false, prune = false }) => {
    if (file === undefined) {
      throw usage("apply", "the file is missing (-f FILE)");
    }
    const { text, name } = await readConfiguration("apply", file);
    const folder = file === "-" ? process.cwd() : dirname(resolve(file));
    const reader = { env: namedVariable, file: (path: string) => readText(resolve(folder, path)) };
    const applied = await withStore("apply", (ctx) => applyConfiguration(ctx, { text, name, reader, prune, check }));
    return { text: describe(applied, check), json: { ...applied, check } };
  },
});
