import { COMMAND } from "../protocol/constants";
import type { UpstreamTarget } from "../session/ports";
import { LoginChannel } from "../socket/login-channel";
import { connectUpstream, type Upstream } from "./connect";

const ANSWER_TIMEOUT_MS = 5000;
const MAX_ANSWER = 64 * 1024;

/**
 * Interrupts the statement that a thread of the same account runs, over a short connection of its own. `stillWanted` is asked
 * when the connection stands: the statement may have ended meanwhile, and the next one must not be hit.
 * Rejects with UNAVAILABLE when the upstream does not take a second login; an error of KILL itself means that the thread is gone.
 */
export async function killUpstreamQuery(
  target: UpstreamTarget,
  threadId: number,
  stillWanted: () => boolean,
): Promise<void> {
  const upstream: Upstream = await connectUpstream({ target, schema: null, collation: 0, capabilities: 0 });
  const timer = setTimeout(() => upstream.wire.destroy(), ANSWER_TIMEOUT_MS);
  try {
    if (stillWanted()) {
      await runKill(upstream, threadId);
    }
  } finally {
    clearTimeout(timer);
    upstream.wire.destroy();
  }
}

async function runKill(upstream: Upstream, threadId: number): Promise<void> {
  const channel = LoginChannel.over(upstream.wire, MAX_ANSWER);
  channel.send(Buffer.concat([Buffer.of(COMMAND.QUERY), Buffer.from(`KILL QUERY ${threadId}`, "latin1")]));
  await channel.read();
}
