import { createReadStream, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { createInterface } from "node:readline";
import { recordAudit } from "@/lib/audit/record";
import { authorise } from "@/lib/auth/authorise";
import { exportBundle } from "@/lib/chain/bundle/export-bundle";
import { verifyBundle } from "@/lib/chain/bundle/verify-bundle";
import { deploymentSigner } from "@/lib/chain/process-chain";
import { headsText, readHeads } from "@/lib/chain/verify/heads";
import type { Progress, ProvenHead, Verified } from "@/lib/chain/verify/model";
import { type TrustedKeys, trustedKeys } from "@/lib/chain/verify/trusted-keys";
import { verifySession } from "@/lib/chain/verify/verify-session";
import { type VerifyOptions, verifyStore } from "@/lib/chain/verify/verify-store";
import { ulidText } from "@/lib/db/ulid-bounds";
import { SallyportError } from "@/lib/errors/error";
import { defineCommand, usage } from "../command";
import { describeSession, describeVerification } from "../describe-verification";
import { progressTeller } from "../progress-teller";
import { readText } from "../read-configuration";
import { sinceOf } from "../since";
import { withReadStore, withStore } from "../with-store";

function tellerOfRecords() {
  const { say, end } = progressTeller();
  const tell = ({ chains, chainsDone, items, itemsDone, problems }: Progress) => {
    const broken = problems === 0 ? "" : `, ${problems} broken`;
    say(`verifying: ${itemsDone} of ${items} records, ${chainsDone} of ${chains} chains${broken}`);
  };
  return { say, tell, end };
}

function fileText(option: string, path: string): string {
  const text = readText(path);
  if (text === undefined) throw usage("verify", `--${option}: ${path} cannot be read`);
  return text;
}

function keysOf(files: readonly string[]): TrustedKeys {
  return trustedKeys(files.length === 0 ? [deploymentSigner().publicKey] : files.map((file) => fileText("key", file)));
}

function idOf(option: string, text: string): string {
  if (!ulidText.safeParse(text).success)
    throw usage("verify", `--${option}: ${text} is no id of 26 letters and digits`);
  return text;
}

async function verifyOne(session: string, keys: TrustedKeys, quick: boolean) {
  const id = idOf("session", session);
  const verified = await withReadStore((db) => db.transaction((tx) => verifySession(tx, keys, id, { quick })));
  const proven = verified.problemCount === 0 && !verified.before;
  return {
    text: describeSession(id, verified),
    json: { proven, session: id, ...verified },
    exitCode: proven ? 0 : 1,
  } as const;
}

/** The event comes first: nothing leaves without a trace. */
async function exportRecord(file: string, part: { readonly chain?: string; readonly since?: Date }, without: boolean) {
  const progress = tellerOfRecords();
  const lines = await withStore("verify --export", async (ctx) => {
    authorise(ctx, "records:export");
    await recordAudit(ctx.db, ctx.actor, {
      action: "export.created",
      object: { kind: "record", id: part.chain ?? "all", name: part.chain ?? "the whole record" },
      detail: { chain: part.chain ?? null, since: part.since?.toISOString() ?? null, recordings: !without },
    });
    return withReadStore(async (db) => {
      const target = await open(file, "w", 0o600).catch(() => {
        throw usage("verify", `--export: ${file} cannot be written`);
      });
      try {
        return await exportBundle(db, (text) => target.writeFile(text), {
          ...part,
          withoutRecordings: without,
          onProgress: (batches) => progress.say(`exporting: ${batches} batches`),
        });
      } finally {
        await target.close();
      }
    });
  }).finally(progress.end);
  return { text: `Exported ${lines} lines to ${file}.`, json: { file, lines } } as const;
}

async function verifyFile(file: string, keys: TrustedKeys, earlier: readonly ProvenHead[]): Promise<Verified> {
  const progress = tellerOfRecords();
  const bytes = createReadStream(file);
  const unreadable = new Promise<never>((_resolve, reject) => {
    bytes.once("error", () => reject(usage("verify", `--from: ${file} cannot be read`)));
  });
  const lines = createInterface({ input: bytes, crlfDelay: Number.POSITIVE_INFINITY });
  try {
    return await Promise.race([verifyBundle(lines, { keys, earlier, onProgress: progress.tell }), unreadable]);
  } finally {
    progress.end();
    bytes.destroy();
  }
}

export const verify = defineCommand({
  name: "verify",
  summary: "prove that audit events, statements and recordings are as they were written",
  help: `Usage: sallyport verify [--chain ID | --session ID] [--since TIME] [--quick] [--key FILE] [--head FILE] [--save-head FILE] [--json]
       sallyport verify --export FILE [--chain ID] [--since TIME] [--without-recordings]
       sallyport verify --from FILE --key FILE [--head FILE]

Goes through every chain of the store: order, hashes and signatures of its batches, every record against the digest that was signed
with it, the bytes of recordings, records that no chain has, and what chains say of each other. Names every broken link, the first one
first. Nothing is written to the store; gateways and consoles may go on meanwhile.

      --chain ID         only this chain
      --session ID       only the records of this session, at once
      --since TIME       only what was written since then: 24h, 30d, or 2026-11-27T10:00:00Z
      --quick            leave the bytes of recordings unread
      --key FILE         believe this public key (PEM; give it again for more) instead of that of SALLYPORT_MASTER_KEY.
                         Keys in the store are never believed: who can change records can change them too
      --save-head FILE   write where all chains end now; keep the file elsewhere
      --head FILE        compare with such a file: a store that was put back to an earlier copy is found this way only
      --export FILE      write the record to a file instead, to be verified elsewhere (one JSON object a line: chains, batches, rows);
                         with --chain or --since a part of it. The export is an audit event
      --without-recordings   leave the bytes of recordings out of it
      --from FILE        verify such a file; no store is needed
      --json             print the result as JSON

Progress goes to standard error. Exit codes: 0 proven; 1 broken, or not proven; 2 bad input.

Example:
  sallyport verify --head last-week.json --save-head today.json`,
  options: {
    chain: { type: "string" },
    session: { type: "string" },
    since: { type: "string" },
    quick: { type: "boolean" },
    key: { type: "string", multiple: true },
    head: { type: "string" },
    "save-head": { type: "string" },
    export: { type: "string" },
    "without-recordings": { type: "boolean" },
    from: { type: "string" },
  },
  run: async (given) => {
    const { chain, session, since, quick = false, key = [], head, "save-head": saveHead, from } = given;
    if (given.export !== undefined) {
      if (session ?? head ?? saveHead ?? from ?? key[0])
        throw usage("verify", "--export stands with --chain and --since only");
      const part = {
        ...(chain === undefined ? {} : { chain: idOf("chain", chain) }),
        ...(since === undefined ? {} : { since: sinceOf("verify", since) }),
      };
      return exportRecord(given.export, part, given["without-recordings"] === true);
    }
    const keys = keysOf(key);
    const earlier = head === undefined ? [] : readHeads(fileText("head", head));
    if (from !== undefined) {
      if (session ?? chain ?? since ?? saveHead) throw usage("verify", "--from stands with --key and --head only");
      const verified = await verifyFile(from, keys, earlier);
      return { text: describeVerification(verified), json: verified, exitCode: verified.proven ? 0 : 1 };
    }
    if (session !== undefined) {
      if (chain ?? since ?? head ?? saveHead) throw usage("verify", "--session stands alone, with --quick and --key");
      return verifyOne(session, keys, quick);
    }
    if (saveHead !== undefined && (chain ?? since) !== undefined) {
      throw usage("verify", "--save-head is of the whole record: leave out --chain and --since");
    }
    const progress = tellerOfRecords();
    const options: VerifyOptions = {
      keys,
      quick,
      onProgress: progress.tell,
      ...(chain === undefined ? {} : { chain: idOf("chain", chain) }),
      ...(since === undefined ? {} : { since: sinceOf("verify", since) }),
      earlier,
    };
    const verified = await withReadStore((db) => verifyStore(db, options)).finally(progress.end);
    if (chain !== undefined && verified.chains.length === 0) {
      throw new SallyportError("NOT_FOUND", `There is no chain ${chain}`);
    }
    // A head that is not proven must not become what later proofs are measured by.
    if (saveHead !== undefined && verified.proven) writeFileSync(saveHead, headsText(verified), { mode: 0o600 });
    return { text: describeVerification(verified), json: verified, exitCode: verified.proven ? 0 : 1 };
  },
});
