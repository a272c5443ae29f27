import { type MysqlError, mysqlError } from "@/lib/errors/mysql";
import { COMMAND, STATUS } from "../protocol/constants";
import { OwnQueries } from "../upstream/own-queries";
import { resetSession } from "../upstream/pin-session";
import { killOther } from "./kill-command";
import type { KillRequest } from "./kill-request";
import type { OwnAnswers } from "./own-answers";
import { cannotRecord, INTERRUPTED } from "./refusals";
import type { LiveSession } from "./registry";
import { NEVER, type SessionCore } from "./session-core";
import type { SessionLife } from "./session-life";

/** How long the upstream may take to reset a session. */
const RESET_MS = 10_000;

/** Commands that the gateway carries out itself. */
export class LocalCommands {
  readonly #core: SessionCore;
  readonly #life: SessionLife;
  readonly #answers: OwnAnswers;
  readonly #self: LiveSession;

  constructor(core: SessionCore, life: SessionLife, answers: OwnAnswers, self: LiveSession) {
    this.#core = core;
    this.#life = life;
    this.#answers = answers;
    this.#self = self;
  }

  /** COM_RESET_CONNECTION, with the session's pins set again before the client may go on. */
  reset(): void {
    const core = this.#core;
    const { parts } = core;
    core.phase = "local";
    core.upstreams.replaceMain(null);
    core.upstreams.use(core.upstreams.own);
    core.followed.reset();
    core.current.begin(COMMAND.RESET_CONNECTION, null, core.server.schema, parts.now());
    core.deadline = parts.now() + RESET_MS;
    const { wire, capabilities } = parts.upstream;
    const { handler } = wire;
    resetSession(new OwnQueries(wire, capabilities), parts.pinned).then(
      (pinned) => {
        if (core.phase !== "local") {
          return;
        }
        wire.handler = handler;
        core.server.replace(pinned);
        core.prepared.clear();
        core.status = STATUS.AUTOCOMMIT;
        core.deadline = NEVER;
        this.#answers.finishLocal(null);
      },
      () => this.#life.terminate("upstream_lost"),
    );
  }

  /** COM_STATISTICS, of this session only: what runs upstream is not for clients. */
  statistics(): void {
    const { parts, startedAt, log } = this.#core;
    const seconds = Math.round((parts.now() - startedAt) / 1000);
    const text = `Uptime: ${seconds}  Threads: 1  Questions: ${log.count}  Slow queries: 0`;
    this.#answers.reply(Buffer.from(text, "latin1"));
  }

  /** KILL, of this session or another one of the same identity. */
  kill(request: KillRequest): void {
    const core = this.#core;
    const { identityId } = this.#self;
    const target = core.parts.registry.findOwn(identityId, request.id);
    if (target === this.#self) {
      if (request.statementOnly) {
        this.#answers.fail(INTERRUPTED);
      } else {
        core.record(null);
        this.#life.terminate("killed");
      }
      return;
    }
    core.phase = "local";
    core.log.begin(core.current);
    void this.#killRecorded(request, target).then((error) => this.#answers.finishLocal(error));
  }

  /** It is felt outside of this session: not before its record is safe. */
  async #killRecorded(request: KillRequest, target: LiveSession | null): Promise<MysqlError | null> {
    const { parts, current } = this.#core;
    const { id } = current;
    const safe = await parts.client.afterRecords();
    // Where the session ended meanwhile, its record has said that the KILL did nothing.
    if (!safe || this.#core.phase !== "local") return mysqlError(cannotRecord(), { event: id });
    return killOther(request, target, this.#self.identityId, parts.ports);
  }
}
