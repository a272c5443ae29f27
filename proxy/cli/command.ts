import { parseArgs } from "node:util";
import { SallyportError } from "@/lib/errors/error";
import { closest } from "@/lib/policy/file/closest";

type OptionTypes = Readonly<
  Record<string, { readonly type: "string" | "boolean"; readonly short?: string; readonly multiple?: true }>
>;

/** The options as given: text (a list of it where it may stand several times), true, or absent. */
export type Given<O extends OptionTypes> = {
  readonly [K in keyof O]?: O[K]["type"] extends "string"
    ? O[K] extends { readonly multiple: true }
      ? readonly string[]
      : string
    : boolean;
};

/** What a command says: `text` for people, `json` for scripts (--json). */
export interface Output {
  readonly text: string;
  readonly json: unknown;
  /** Where the answer itself is a refusal; 0 when left out. */
  readonly exitCode?: 0 | 1;
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

/**
 * Builds a command from its options, and at most one argument besides where `argument` names it. Throws INVALID_INPUT on an argument it
 * does not know.
 */
export function defineCommand<const O extends OptionTypes>(definition: {
  readonly name: string;
  readonly summary: string;
  readonly help: string;
  readonly options: O;
  /** What the one argument is that is not an option. */
  readonly argument?: string;
  readonly run: (given: Given<O>, argument: string | undefined) => Promise<Output>;
}): Command {
  const { name, summary, help } = definition;
  return {
    name,
    summary,
    help,
    run: (args) => {
      const { given, argument } = parseArguments(definition, args);
      return definition.run(given, argument);
    },
  };
}

function parseArguments<O extends OptionTypes>(
  definition: { readonly name: string; readonly options: O; readonly argument?: string },
  args: readonly string[],
): { readonly given: Given<O>; readonly argument: string | undefined } {
  const { name, options } = definition;
  const all: OptionTypes = { ...options, ...COMMON };
  const { tokens } = parseArgs({ args: [...args], options: all, strict: false, allowPositionals: true, tokens: true });
  const given: Record<string, string | boolean | string[]> = {};
  let argument: string | undefined;
  for (const token of tokens) {
    if (token.kind === "positional") {
      if (definition.argument === undefined) throw usage(name, `${token.value} is not expected`);
      if (argument !== undefined) throw usage(name, `only one ${definition.argument} is expected; put it in quotes`);
      argument = token.value;
      continue;
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
      const before = given[token.name];
      const listed = Array.isArray(before) ? [...before, token.value] : [token.value];
      given[token.name] = option.multiple === true ? listed : token.value;
    }
  }
  // Each value was checked against its option's type just above.
  return { given: given as Given<O>, argument };
}

/** Arguments that make no sense: exit code 2. */
export function usage(command: string, what: string): SallyportError {
  return new SallyportError("INVALID_INPUT", `sallyport ${command}: ${what}`, {
    next: `See: sallyport ${command} --help`,
  });
}
