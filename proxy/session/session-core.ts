import type { MysqlError } from "@/lib/errors/mysql";
import { MaskedAnswer } from "../masking/masked-answer";
import { scrubbedError } from "../masking/scrub";
import { CAPABILITY } from "../protocol/constants";
import { ResponseWalker } from "../protocol/response-walker";
import { AnswerRelay } from "./answer-relay";
import { ClientVoice } from "./client-voice";
import { CommandReader, type CommandSink } from "./command-reader";
import { CurrentStatement } from "./current-statement";
import { FollowedState } from "./followed-state";
import type { ReviewedClient, Ruling } from "./gate";
import { MeteredAnswer } from "./metered-answer";
import type { LoginGrant } from "./ports";
import { PreparedStatements } from "./prepared-statements";
import { Recording } from "./recording";
import type { SessionParts } from "./session-parts";
import { SessionState } from "./session-state";
import { StatementLog } from "./statement-log";
import { Traffic } from "./traffic";
import { TransactionHistory } from "./transaction-history";
import { Upstreams } from "./upstreams";

/** Idle; the upstream is answering; the gateway decides or works on an answer of its own; reading a cut answer to its end; only a farewell is left; over. */
export type Phase = "idle" | "running" | "local" | "draining" | "farewell" | "closed";

export const NEVER: number = Number.POSITIVE_INFINITY;

/** What the parts of one session share: where it stands, and the things that each of them works with. */
export class SessionCore {
  readonly parts: SessionParts;
  readonly grant: LoginGrant;
  readonly recording: Recording;
  /** All that the client is told goes this way. */
  readonly voice: ClientVoice;
  readonly answer: AnswerRelay;
  readonly reader: CommandReader;
  readonly traffic: Traffic;
  readonly current = new CurrentStatement();
  readonly prepared = new PreparedStatements();
  readonly log: StatementLog;
  /** Counts what is answered against budgets. */
  readonly metered = new MeteredAnswer();
  readonly history = new TransactionHistory();
  /** What reviewers are shown of this session. */
  readonly reviewed: ReviewedClient = {
    surroundings: () => this.history.surroundings(this.status),
    waits: (decision) => {
      this.current.decision = decision;
    },
  };
  /** The state of the session on its own connection upstream. */
  readonly server: SessionState;
  readonly upstreams: Upstreams;
  /** What a second connection has to be told of the own one. */
  readonly followed = new FollowedState();
  readonly startedAt: number;
  phase: Phase = "idle";
  /** Status flags of the own connection's last OK. */
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
    this.recording = new Recording({
      recorder: parts.ports.recorder,
      sessionId: parts.id,
      settings: grant.connection.recording,
      deprecateEof: (upstream.capabilities & CAPABILITY.DEPRECATE_EOF) !== 0,
    });
    this.voice = new ClientVoice(client, this.recording);
    this.answer = new AnswerRelay(this.voice, walker, masked, onCut);
    this.reader = new CommandReader(sink);
    this.traffic = new Traffic(client, upstream.wire, this.reader, registry.metrics);
    this.log = new StatementLog(parts.ports.recorder, registry.metrics, parts.id, grant);
    this.server = new SessionState(parts.pinned, upstream.serverVersion);
    const { restricted } = grant.connection;
    const own = { target: restricted ?? grant.connection.upstream, upstream, state: this.server };
    this.upstreams = new Upstreams(own, restricted !== null, (used) => this.traffic.useUpstream(used.upstream.wire));
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

  /** Records how the current statement ended. `error`: the gateway's own, null for its own success, undefined for what the upstream said. */
  record(error: MysqlError | null | undefined): void {
    const { walker, masked } = this.answer;
    const answered = this.phase === "running";
    if (answered) this.metered.end(walker, error === undefined && walker.errno === 0);
    this.log.end(this.current, {
      rows: answered ? walker.rows : 0,
      affectedRows: answered ? walker.affectedRows : 0,
      bytes: answered ? walker.bytes : 0,
      maskedRows: answered ? masked.maskedRows : 0,
      errno: error === undefined ? walker.errno : (error?.errno ?? 0),
      errMessage: error === undefined ? walker.errMessage : (error?.message ?? ""),
    });
  }
}
