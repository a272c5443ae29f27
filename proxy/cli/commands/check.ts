import type { Ctx } from "@/lib/ctx";
import { SallyportError } from "@/lib/errors/error";
import { closest } from "@/lib/policy/file/closest";
import { parseConfigurationFile } from "@/lib/policy/file/parse";
import type { ConfigurationFile } from "@/lib/policy/file-schema";
import { type Simulation, simulate } from "@/lib/policy/simulate";
import { defineCommand, usage } from "../command";
import { describeSimulation, effectOf } from "../describe-simulation";
import { fileDraft } from "../file-draft";
import { readConfiguration } from "../read-configuration";
import { withStore } from "../with-store";

const KEYS = ["client_id", "subject", "group", "email"] as const;

type Identity = { client_id?: string; subject?: string; email?: string; groups?: string[] };

/** `client_id=X`, `group=G` ...: the facts of a token. */
function identityOf(given: readonly string[]): Identity {
  const identity: Identity = {};
  for (const text of given) {
    const [key = "", ...rest] = text.split("=");
    const value = rest.join("=");
    const known = KEYS.find((one) => one === key);
    if (known === undefined) {
      const meant = closest(key, KEYS);
      throw usage(
        "check",
        `--as ${text}: ${meant === null ? `known are ${KEYS.join(", ")}` : `did you mean ${meant}?`}`,
      );
    }
    if (value === "") throw usage("check", `--as ${text} has no value, e.g. ${known}=x`);
    if (known === "group") identity.groups = [...(identity.groups ?? []), value];
    else if (identity[known] === undefined) identity[known] = value;
    else throw usage("check", `--as ${known} stands twice; only group may`);
  }
  return identity;
}

/** The file; INVALID_INPUT when it has nothing for the connection. */
async function configurationOf(file: string, connection: string): Promise<ConfigurationFile> {
  const { text, name } = await readConfiguration("check", file);
  const { configuration } = parseConfigurationFile(text, name);
  if ([...configuration.policies, ...configuration.masks].some((one) => one.connection === connection)) {
    return configuration;
  }
  throw new SallyportError("INVALID_INPUT", `${name} has no policy and no mask for the connection ${connection}`, {
    next: "Check the name, or leave -f out to ask what is published",
  });
}

/** The part of a file's draft that the simulator asks. */
async function draftsOf(db: Ctx["db"], configuration: ConfigurationFile, connection: string, prune: boolean) {
  const { policies, without, masks } = await fileDraft(db, configuration, connection, prune);
  return { policies, without, ...(masks === undefined ? {} : { masks }) };
}

export const check = defineCommand({
  name: "check",
  summary: "say what a statement would meet: allowed, held for review or denied, and why",
  help: `Usage: sallyport check --connection C --as KEY=VALUE "SQL" [--schema S] [-f FILE [--prune]] [--json]

Takes a statement the way the gateway does, with the schema that gateways last read from the upstream, and prints how it was read,
what decides it, and what each rule lacked. Nothing is sent upstream and nothing is recorded.
A ? in the statement is a value that is not known: the answer is then the best that an execution can get.

      --connection C    the connection's name
      --as KEY=VALUE    who asks: client_id, subject, group or email; give it again for each fact (group several times)
      --schema S        the session's default schema (default: the connection's)
  -f, --file FILE       ask as if this file were applied; - reads standard input
      --prune           as if it were applied with --prune: policies and masks that it does not name go
      --json            print everything as JSON

Exit codes: 0 allowed; 1 held for review, denied, not understood, or nobody lets the identity in; 2 bad input.

Example:
  sallyport check --connection shop --as client_id=orders-agent "SELECT id, total FROM orders LIMIT 10"`,
  options: {
    connection: { type: "string" },
    as: { type: "string", multiple: true },
    schema: { type: "string" },
    file: { type: "string", short: "f" },
    prune: { type: "boolean" },
  },
  argument: "statement",
  run: async ({ connection, as = [], schema, file, prune = false }, sql) => {
    if (connection === undefined) throw usage("check", "the connection is missing (--connection NAME)");
    if (as.length === 0) throw usage("check", "who asks is missing (--as client_id=X)");
    if (sql === undefined) throw usage("check", 'the statement is missing, in quotes: "SELECT ..."');
    const identity = identityOf(as);
    const configuration = file === undefined ? null : await configurationOf(file, connection);
    const simulation: Simulation = await withStore("check", async (ctx) =>
      simulate(ctx, {
        connection,
        identity,
        sql,
        ...(schema === undefined ? {} : { schema }),
        ...(configuration === null ? {} : { drafts: await draftsOf(ctx.db, configuration, connection, prune) }),
      }),
    );
    const effect = effectOf(simulation);
    return {
      text: describeSimulation(simulation),
      json: { effect, ...simulation },
      exitCode: effect === "allow" ? 0 : 1,
    };
  },
});
