import { SallyportError } from "@/lib/errors/error";
import { closest } from "@/lib/policy/file/closest";
import packageJson from "../../package.json" with { type: "json" };
import type { Command } from "./command";
import { apply } from "./commands/apply";
import { check } from "./commands/check";
import { exportFile } from "./commands/export";
import { impact } from "./commands/impact";
import { migrate } from "./commands/migrate";
import { token } from "./commands/token";
import { verify } from "./commands/verify";

const COMMANDS: readonly Command[] = [apply, exportFile, check, impact, verify, token, migrate];

const HELP = `Usage: sallyport COMMAND [options]

${COMMANDS.map(({ name, summary }) => `  ${name.padEnd(10)} ${summary}`).join("\n")}

Each command explains itself, with an example: sallyport COMMAND --help
Settings come from the environment (DATABASE_URL, OIDC_ISSUER, SALLYPORT_MASTER_KEY, ...); while "npm start" runs the
embedded default, from its data directory. Exit codes: 0 done, 1 refused or not found, 2 bad input.

Example:
  sallyport export > sallyport.yaml && sallyport apply -f sallyport.yaml --check`;

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Runs one command line and returns its exit code. Results go to stdout, errors to stderr. */
async function run(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  const json = rest.includes("--json");
  try {
    if (name === undefined || name === "help" || name === "--help" || name === "-h") {
      print(HELP);
      return name === undefined ? 2 : 0;
    }
    if (name === "--version") {
      print(packageJson.version);
      return 0;
    }
    const command = COMMANDS.find((one) => one.name === name);
    if (command === undefined) {
      throw unknownCommand(name);
    }
    if (rest.includes("--help") || rest.includes("-h")) {
      print(command.help);
      return 0;
    }
    const output = await command.run(rest);
    print(json ? JSON.stringify(output.json, null, 2) : output.text);
    return output.exitCode ?? 0;
  } catch (error) {
    return fail(error, json);
  }
}

function unknownCommand(name: string): SallyportError {
  const known = COMMANDS.map((one) => one.name);
  const meant = closest(name, known);
  return new SallyportError("INVALID_INPUT", `sallyport: there is no command ${name}`, {
    next: meant === null ? `There are: ${known.join(", ")}` : `Did you mean ${meant}?`,
  });
}

function fail(error: unknown, json: boolean): number {
  const known =
    error instanceof SallyportError
      ? error
      : new SallyportError("INTERNAL", `Unexpected error: ${error instanceof Error ? error.name : typeof error}`, {
          next: "Please report it, with what you ran",
        });
  const { code, message, next, problems } = known;
  if (json) {
    process.stderr.write(`${JSON.stringify({ error: { code, message, next, problems } }, null, 2)}\n`);
    return known.exitCode;
  }
  const lines = [
    `${message}.`,
    ...problems.map(
      (one) =>
        `  ${[one.line === undefined ? "" : `line ${one.line}: `, one.path, one.path === "" ? "" : ": "].join("")}${one.message}`,
    ),
    ...(next === null ? [] : [`${next}.`]),
  ];
  process.stderr.write(`${lines.join("\n").replaceAll("?.", "?")}\n`);
  return known.exitCode;
}

process.exitCode = await run(process.argv.slice(2));
