import { sessionOfRequest } from "@/lib/auth/console-ctx";
import { consoleRoute } from "@/lib/auth/console-route";
import { liveHub } from "@/lib/live/console-hub";

const BEAT_MS = 15_000;

export const dynamic = "force-dynamic";

/** The tab's event stream: `changed` with topics, and a beat every 15 s. It ends when the session does. */
export const GET = consoleRoute("overview:view", async (_ctx, request) => {
  const encoder = new TextEncoder();
  let stop = () => {};
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      const write = (text: string) => controller.enqueue(encoder.encode(text));
      const beat = setInterval(async () => {
        const session = await sessionOfRequest(request.headers, { touch: false }).catch(() => null);
        if (session !== null && !session.ok) end();
        else if (!ended) write(": beat\n\n");
      }, BEAT_MS);
      let ended = false;
      let leave = () => {};
      const end = () => {
        if (ended) return;
        ended = true;
        clearInterval(beat);
        leave();
        controller.close();
      };
      stop = end;
      write("retry: 2000\n: open\n\n");
      leave = liveHub().subscribe({
        changed: (topics) => write(`event: changed\ndata: ${JSON.stringify({ topics })}\n\n`),
        close: end,
      });
      request.signal.addEventListener("abort", end);
    },
    cancel: () => stop(),
  });
  return new Response(body, {
    headers: {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-cache, no-transform",
      "x-accel-buffering": "no",
      // The tab must come back over a new connection: on a kept one it would hold a stopping server open.
      connection: "close",
    },
  });
});
