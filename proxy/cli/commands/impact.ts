import { SallyportError } from "@/lib/errors/error";
import { measureImpact } from "@/lib/impact/measure";
import { parseConfigurationFile } from "@/lib/policy/file/parse";
import type { ConfigurationFile } from "@/lib/policy/file-schema";
import { defineCommand, usage } from "../command";
import { describeImpact, isChanged } from "../describe-impact";
import { fileDraft } from "../file-draft";
import { progressTeller } from "../progress-teller";
import { readConfiguration } from "../read-configuration";
import { sinceOf } from "../since";
import { withReadStore } from "../with-store";

function namedIn({ connections, policies, masks }: ConfigurationFile): readonly string[] {
  const names = [
    ...connections.map(({ name }) => name),
    ...[...policies, ...masks].map(({ connection }) => connection),
  ];
  return [...new Set(names)].sort();
}

export const impact = defineCommand({
  name: "impact",
  summary: "say which recorded statements a file would decide on or mask in another way",
  help: `Usage: sallyport impact -f FILE --since TIME [--connection C] [--prune] [--json]

Takes every recorded statement since then and decides it twice: by what is published now, and as if the file had been applied. Policies
and masks that it does not name stay, as they do when it is applied. Nothing changes.

  -f, --file FILE       the configuration file; - reads standard input
      --since TIME      24h, 30d, or 2026-11-27T10:00:00Z
      --connection C    only this connection (default: every one that the file names)
      --prune           as if it were applied with --prune: policies and masks that it does not name go
      --json            print everything as JSON

Exit codes: 0 nothing would change, 1 something would be decided or masked in another way, or was not found; 2 bad input.

Example:
  sallyport impact -f sallyport.yaml --since 30d`,
  options: {
    file: { type: "string", short: "f" },
    since: { type: "string" },
    connection: { type: "string" },
    prune: { type: "boolean" },
  },
  run: async ({ file, since: from, connection, prune = false }) => {
    if (file === undefined) throw usage("impact", "the file is missing (-f FILE)");
    if (from === undefined) throw usage("impact", "since when is missing (--since 30d)");
    const since = sinceOf("impact", from);
    const { text, name } = await readConfiguration("impact", file);
    const { configuration } = parseConfigurationFile(text, name);
    const named = namedIn(configuration);
    const asked = connection === undefined ? named : named.filter((one) => one === connection);
    if (asked.length === 0) {
      throw new SallyportError("INVALID_INPUT", `${name} has nothing about ${connection ?? "any connection"}`, {
        next: "Check the name, or what the file says",
      });
    }
    const { say, end } = progressTeller();
    const terminal = process.stderr.isTTY === true;
    const until = new Date();
    const { signal } = new AbortController();
    try {
      const results = await withReadStore(async (db) => {
        const found = [];
        for (const one of asked) {
          const progress = (share: number, step: string) => {
            if (terminal) say(`${one}: ${Math.round(share * 100)} %, ${step}`);
          };
          const draft = await fileDraft(db, configuration, one, prune);
          found.push({
            connection: one,
            result: await measureImpact(db, draft, { since, until }, { signal, progress }),
          });
        }
        return found;
      });
      return {
        text: results.map((one) => describeImpact(one.connection, one.result)).join("\n"),
        json: { connections: results.map((one) => ({ connection: one.connection, ...one.result })) },
        exitCode: results.some(({ result }) => isChanged(result)) ? 1 : 0,
      };
    } finally {
      end();
    }
  },
});
