import { readFileSync } from "node:fs";
import { usage } from "./command";

/** A file's text, or undefined when it cannot be read. */
export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

async function readStandardInput(): Promise<string> {
  let text = "";
  for await (const part of process.stdin.setEncoding("utf8")) {
    text += part;
  }
  return text;
}

/** The configuration file of `-f`, with its name for messages; `-` is standard input. Throws INVALID_INPUT when it cannot be read. */
export async function readConfiguration(command: string, file: string): Promise<{ text: string; name: string }> {
  const text = file === "-" ? await readStandardInput() : readText(file);
  if (text === undefined) {
    throw usage(command, `${file} cannot be read`);
  }
  return { text, name: file === "-" ? "standard input" : file };
}
