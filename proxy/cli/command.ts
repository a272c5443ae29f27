import { parseArgs } from "node:util";
import { SallyportError } from "@/lib/errors/error";
import { closest } from "@/lib/policy/file/closest";

type OptionTypes = Readonly<Record<string, { readonly type: "string" | "boolean"; readonly short?: string }>>;

/** The options as given: text, true, or absent. */
export type Given<O extends OptionTypes> = {
  readonly [K in keyof O]?: O[K]["type"] extends "string" ? string : boolean;
};

/** What a command says: `text` for people, `json` for scripts (--json). */
export interface Output {
  readonly text: string;
  readonly json: unknown;
}

/** One command of the command line. */
export interface Command {
  readonly name: string;
  /** One line, for the list of commands. */
  readonly summary: string;
  /** The whole --help text, with an example. */
  readonly help: string;
  run(args: readonly string[]): Promise<Output>;
}

const COMMON = { json: { type: "boolean" }, help: { type: "boolean", short: "h" } } as const;

/** Builds a command whose arguments are options only. Throws INVALID_INPUT on an argument it does not know. */
export function defineCommand<const O extends OptionTypes>(definition: {
  readonly name: string;
  readonly summary: string;
  readonly help: string;
  readonly options: O;
  readonly run: (given: Given<O>) => Promise<Output>;
}): Command {
  const { name, summary, help, options } = definition;
  return { name, summary, help, run: (args) => definition.run(parseOptions(name, options, args)) };
}

function parseOptions<O extends OptionTypes>(name: string, options: O, args: readonly string[]): Given<O> {
  const all: OptionTypes = { ...options, ...COMMON };
  const { tokens } = parseArgs({ args: [...args], options: all, strict: false, allowPositionals: true, tokens: true });
  const given: Record<string, string | boolean> = {};
  for (const token of tokens) {
    if (token.kind === "positional") {
      throw usage(name, `${token.value} is not expected`);
    }
    if (token.kind !== "option") {
      continue;
    }
    const option = Object.hasOwn(all, token.name) ? all[token.name] : undefined;
    if (option === undefined) {
      const meant = closest(token.name, Object.keys(all));
      throw usage(name, `${token.rawName} is unknown${meant === null ? "" : `; did you mean --${meant}?`}`);
    }
    if (option.type === "boolean") {
      if (token.value !== undefined) {
        throw usage(name, `--${token.name} takes no value`);
      }
      given[token.name] = true;
    } else {
      if (token.value === undefined || token.value === "") {
        throw usage(name, `--${token.name} needs a value`);
      }
      given[token.name] = token.value;
    }
  }
  // Each value was checked against its option's type just above.
  return given as Given<O>;
}

/** Arguments that make no sense: exit code 2. */
export function usage(command: string, what: string): SallyportError {
  return new SallyportError("INVALID_INPUT", `sallyport ${command}: ${what}`, {
    next: `See: sallyport ${command} --help`,
  });
}
