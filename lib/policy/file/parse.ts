import { type Document, isMap, isNode, isPair, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import { type FieldProblem, SallyportError } from "@/lib/errors/error";
import { type ConfigurationFile, configurationFile } from "../file-schema";
import { findContradictions } from "./contradictions";
import { explainIssues, type Path } from "./explain-issues";

const MAX_FILE_BYTES = 4 * 1024 * 1024;
const MAX_ALIASES = 100;

/** A valid configuration file, and where each of its parts stands. */
export interface ParsedFile {
  readonly configuration: ConfigurationFile;
  /** A problem found later, at its place in the file. */
  readonly problem: (path: Path, message: string) => FieldProblem;
}

function pathText(path: Path): string {
  return path.map((part, at) => (typeof part === "number" ? `[${part}]` : at === 0 ? part : `.${part}`)).join("");
}

/** The offset of a key or item in the text, or of the nearest part above it that is there. */
function offsetOf(document: Document, path: Path): number {
  let node: unknown = document.contents;
  let offset = 0;
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find((one) => isPair(one) && isScalar(one.key) && String(one.key.value) === String(part));
      if (pair === undefined) {
        return offset;
      }
      offset = isNode(pair.key) ? (pair.key.range?.[0] ?? offset) : offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(part)];
      offset = isNode(node) ? (node.range?.[0] ?? offset) : offset;
    } else {
      return offset;
    }
  }
  return offset;
}

/**
 * Reads a configuration file, YAML or JSON. Throws INVALID_INPUT with every problem at once, each with its path and line (from 1):
 * syntax, unknown and missing keys, wrong values, and what stands twice or contradicts itself. Never quotes the file's text.
 */
export function parseConfigurationFile(text: string, name: string): ParsedFile {
  if (Buffer.byteLength(text) > MAX_FILE_BYTES) {
    throw invalid(name, [{ path: "", message: `the file is larger than ${MAX_FILE_BYTES / 1024 / 1024} MiB` }]);
  }
  const lines = new LineCounter();
  // prettyErrors would put lines of the file, passwords included, into the messages.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  if (document.errors.length > 0) {
    throw invalid(
      name,
      document.errors.map((error) => ({
        path: "",
        // Some of the parser's messages end with the text they are about.
        message: error.message.replace(/: ".*$/s, ""),
        line: Math.max(1, lines.linePos(error.pos[0]).line),
      })),
    );
  }
  const problem = (path: Path, message: string): FieldProblem => ({
    path: pathText(path),
    message,
    line: Math.max(1, lines.linePos(offsetOf(document, path)).line),
  });
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch {
    throw invalid(name, [{ path: "", message: "too many aliases", line: 1 }]);
  }
  const result = configurationFile.safeParse(value);
  const issues = result.success
    ? findContradictions(result.data)
    : explainIssues(result.error, configurationFile, value);
  if (!result.success || issues.length > 0) {
    throw invalid(
      name,
      issues.map((issue) => problem(issue.path, issue.message)),
    );
  }
  return { configuration: result.data, problem };
}

/** The refusal of a file, problems in the order of its lines. */
export function invalid(name: string, problems: readonly FieldProblem[]): SallyportError {
  const sorted = [...problems].sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
  return new SallyportError(
    "INVALID_INPUT",
    `${name} has ${sorted.length} ${sorted.length === 1 ? "problem" : "problems"}`,
    {
      next: "Correct the file; nothing was changed",
      problems: sorted,
    },
  );
}
