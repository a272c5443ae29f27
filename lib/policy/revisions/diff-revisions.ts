import { z } from "zod";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { SallyportError } from "@/lib/errors/error";
import { parseInput } from "@/lib/parse-input";
import { parseConfigurationFile } from "../file/parse";
import type { ConfigurationFile } from "../file-schema";
import { type DocumentChange, documentChanges } from "./document-diff";
import { type Revision, readRevision } from "./read-revisions";

const NOTHING: ConfigurationFile = { version: 1, connections: [], masks: [], policies: [] };

/** `from` 0 is the empty configuration before the first revision. */
export const revisionPair = z.strictObject({ from: z.int().min(0), to: z.int().min(1) });

export interface RevisionDiff {
  /** Null: the empty configuration before the first revision. */
  readonly from: Revision | null;
  readonly to: Revision;
  /** Null when one of the documents was written by a version whose format this one does not read; the texts still tell. */
  readonly changes: readonly DocumentChange[] | null;
}

/** What differs between two revisions; their documents are there for a comparison as text. */
export async function diffRevisions(ctx: Ctx, input: z.input<typeof revisionPair>): Promise<RevisionDiff> {
  authorise(ctx, "policies:view");
  const given = parseInput(revisionPair, input, "The comparison");
  const from = given.from === 0 ? null : await readRevision(ctx.db, given.from);
  const to = await readRevision(ctx.db, given.to);
  const before = from === null ? NOTHING : readDocument(from);
  const after = readDocument(to);
  return { from, to, changes: before === null || after === null ? null : documentChanges(before, after) };
}

/** The document of a revision, or null when this version does not read it. */
export function readDocument({ number, document }: Revision): ConfigurationFile | null {
  try {
    return parseConfigurationFile(document, `revision ${number}`).configuration;
  } catch (error) {
    if (error instanceof SallyportError && error.code === "INVALID_INPUT") return null;
    throw error;
  }
}
