import { z } from "zod";
import { ulidText } from "@/lib/db/ulid-bounds";
import { SallyportError } from "@/lib/errors/error";
import type { ProvenHead, Verified } from "./model";

const headsFile = z.strictObject({
  sallyport_heads: z.literal(1),
  at: z.iso.datetime(),
  keys: z.array(z.string()),
  heads: z.array(
    z.strictObject({
      chain: ulidText,
      number: z.int().positive(),
      hash: z.string().regex(/^[0-9a-f]{64}$/),
      items: z.int().nonnegative(),
    }),
  ),
});

/** Where all chains ended in this proof, to be kept where nobody who can change the store can change it. */
export function headsText({ at, keys, heads }: Pick<Verified, "at" | "keys" | "heads">): string {
  const file: z.input<typeof headsFile> = {
    sallyport_heads: 1,
    at: at.toISOString(),
    keys: [...keys],
    heads: [...heads],
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/** What `headsText` wrote. Throws INVALID_INPUT for anything else. */
export function readHeads(text: string): readonly ProvenHead[] {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    given = null;
  }
  const read = headsFile.safeParse(given);
  if (!read.success) {
    throw new SallyportError("INVALID_INPUT", "The file of heads is not one that sallyport verify --save-head wrote");
  }
  return read.data.heads;
}
