const MAX_LENGTH = 255;

/** e.g. "mysql2 3.24.6 (node)" from the connection attributes; null when the client sent none. Not verified, for people to read. */
export function clientProgram(attributes: ReadonlyMap<string, string>): string | null {
  const name = attributes.get("_client_name");
  const version = attributes.get("_client_version");
  const program = attributes.get("program_name");
  const library = [name, version].filter((part) => part !== undefined && part !== "").join(" ");
  const text = program === undefined || program === "" ? library : library === "" ? program : `${program} (${library})`;
  return text === "" ? null : [...text].slice(0, MAX_LENGTH).join("");
}
