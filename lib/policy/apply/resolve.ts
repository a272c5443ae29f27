import { checkCaText } from "@/lib/connections/certificate";
import { SallyportError } from "@/lib/errors/error";
import { passwordPlaceholder, restrictedPlaceholder } from "../export";
import type { Path } from "../file/explain-issues";
import type { ParsedFile } from "../file/parse";
import type { SecretSource } from "../file-schema";
import type { ResolvedPassword, Wanted } from "./plan";

/** Reads what a configuration file points at. Undefined: the variable is not set, or the file cannot be read. */
export interface OutsideReader {
  env(name: string): string | undefined;
  /** Relative paths are meant from the configuration file's folder. */
  file(path: string): string | undefined;
}

const MAX_PASSWORD = 1024;

export interface Resolved {
  readonly wanted: Wanted;
  readonly problems: readonly { readonly path: Path; readonly message: string }[];
}

/**
 * Reads every password and certificate that the file names. Only the placeholder that `export` writes may be unset: it stands for the
 * password that is stored. A password file's one trailing line break is not part of the password.
 */
export function resolveOutside({ configuration }: ParsedFile, reader: OutsideReader): Resolved {
  const problems: { path: Path; message: string }[] = [];
  const read = (source: SecretSource, placeholder: string, path: Path): ResolvedPassword => {
    const resolved = readSecret(source, placeholder, reader);
    if (typeof resolved === "string" || "text" in resolved) return resolved;
    problems.push({ path, message: resolved.problem });
    return "keep stored";
  };
  const passwords = configuration.connections.map(({ name, password }, at) =>
    read(password, passwordPlaceholder(name), ["connections", at, "password"]),
  );
  const restrictedPasswords = configuration.connections.map(({ name, restricted }, at) =>
    restricted === undefined || restricted === null
      ? "keep stored"
      : read(restricted.password, restrictedPlaceholder(name), ["connections", at, "restricted", "password"]),
  );
  const authorities = configuration.connections.map(({ ca, tls }, at) => {
    const path = ["connections", at, ca === undefined ? "tls" : "ca"];
    if (ca === undefined) {
      return null;
    }
    const pem = ca.includes("-----BEGIN") ? ca : reader.file(ca);
    if (pem === undefined) {
      problems.push({ path, message: `the file ${ca} cannot be read (needed for tls ${tls})` });
      return null;
    }
    try {
      checkCaText(pem, "ca");
    } catch (error) {
      const text =
        error instanceof SallyportError ? (error.problems[0]?.message ?? error.message) : "not a certificate";
      problems.push({ path, message: text });
    }
    return pem;
  });
  return { wanted: { file: configuration, passwords, restrictedPasswords, authorities }, problems };
}

function readSecret(
  source: SecretSource,
  placeholder: string,
  reader: OutsideReader,
): ResolvedPassword | { readonly problem: string } {
  if ("value" in source) {
    return { text: source.value };
  }
  if ("env" in source) {
    const text = reader.env(source.env);
    if (text !== undefined && text !== "") {
      return { text };
    }
    return source.env === placeholder
      ? "keep stored"
      : { problem: `the environment variable ${source.env} is not set` };
  }
  const text = reader.file(source.file)?.replace(/\r?\n$/, "");
  if (text === undefined) {
    return { problem: `the file ${source.file} cannot be read` };
  }
  return text === "" || text.length > MAX_PASSWORD
    ? { problem: `the file ${source.file} does not hold a password of 1 to ${MAX_PASSWORD} characters` }
    : { text };
}
