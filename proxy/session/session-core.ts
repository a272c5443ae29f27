import type { MysqlError } from "@/lib/errors/mysql";
import { MaskedAnswer } from "../masking/masked-answer";
import { scrubbedError } from "../masking/scrub";
import { ResponseWalker } from "../protocol/response-walker";
import { AnswerRelay } from "./answer-relay";
import { CommandReader, type CommandSink } from "./command-reader";
import { CurrentStatement } from "./current-statement";
import type { ReviewedClient, Ruling } from "./gate";
import type { LoginGrant } from "./ports";
import { PreparedStatements } from "./prepared-statements";
import type { SessionParts } from "./session-parts";
import { SessionState } from "./session-state";
import { StatementLog } from "./statement-log";
import { Traffic } from "./traffic";
import { TransactionHistory } from "./transaction-history";

/** Idle; the upstream is answering; the gateway decides or works on an answer of its own; reading a cut answer to its end; only a farewell is left; over. */
export type Phase = "idle" | "running" | "local" | "draining" | "farewell" | "closed";

export const NEVER: number = Number.POSITIVE_INFINITY;

/** What the parts of one session share: where it stands, and the things that each of them works with. */
export class SessionCore {
  readonly parts: SessionParts;
  readonly grant: LoginGrant;
  readonly answer: AnswerRelay;
  readonly reader: CommandReader;
  readonly traffic: Traffic;
  readonly current = new CurrentStatement();
  readonly prepared = new PreparedStatements();
  readonly log: StatementLog;
  readonly history = new TransactionHistory();
  /** What reviewers are shown of this session. */
  readonly reviewed: ReviewedClient = {
    surroundings: () => this.history.surroundings(this.status),
    waits: (decision) => {
      this.current.decision = decision;
    },
  };
  /** The state of the session upstream. */
  readonly server: SessionState;
  readonly startedAt: number;
  phase: Phase = "idle";
  /** Status flags of the upstream's last OK. */
  status: number;
  /** What a success of the running statement changes. */
  ruling: Extract<Ruling, { kind: "forward" }> | null = null;
  /** Sequence id of the answer to the current command. */
  sequence = 1;
  /** The current command's rest is still on the way and will be dropped when it is refused. */
  streams = false;
  /** What the server remembers as warnings could quote masked values. */
  warningsQuote = false;
  /** Epoch milliseconds at which what runs has taken too long. */
  deadline = NEVER;

  constructor(parts: SessionParts, sink: CommandSink, onCut: () => void) {
    const { grant, client, upstream, clientCapabilities, registry } = parts;
    this.parts = parts;
    this.grant = grant;
    const walker = new ResponseWalker(upstream.capabilities, clientCapabilities);
    const masked = new MaskedAnswer(walker, parts.ports.cellMasks(grant.connection.id), (error) =>
      scrubbedError(error, this.current.id),
    );
    this.answer = new AnswerRelay(client, walker, masked, onCut);
    this.reader = new CommandReader(sink);
    this.traffic = new Traffic(client, upstream.wire, this.reader, registry.metrics);
    this.log = new StatementLog(parts.ports.recorder, registry.metrics, parts.id, grant);
    this.server = new SessionState(parts.pinned, upstream.serverVersion);
    this.status = upstream.status;
    this.startedAt = parts.now();
  }

  expired(now: number): boolean {
    return now >= this.grant.tokenExpiresAt.getTime();
  }

  /** Goes on with what the client sent meanwhile. */
  nextCommand(): void {
    this.reader.pump();
    this.traffic.letGo();
  }

  /** Records the current statement. `error`: the gateway's own, null for its own success, undefined for what the upstream said. */
  record(error: MysqlError | null | undefined): void {
    const { walker, masked } = this.answer;
    const answered = this.phase === "running";
    this.log.add(this.current, {
      rows: answered ? walker.rows : 0,
      affectedRows: answered ? walker.affectedRows : 0,
      bytes: answered ? walker.bytes : 0,
      maskedRows: answered ? masked.maskedRows : 0,
      errno: error === undefined ? walker.errno : (error?.errno ?? 0),
      errMessage: error === undefined ? walker.errMessage : (error?.message ?? ""),
    });
  }
}
