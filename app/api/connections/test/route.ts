import { consoleRoute, jsonOf } from "@/lib/auth/console-route";
import type { StepResult, TestLine } from "@/lib/connections/test/steps";
import { testConnection } from "@/lib/connections/test/test-connection";
import { errorBody } from "@/lib/http/error-body";

/** Runs a connection test and streams one JSON line per step as it ends. What is refused before the first step is an ordinary error. */
export const POST = consoleRoute("connections:test", async (ctx, request) => {
  const body = await jsonOf(request);
  // The verb parses what came from outside.
  const test = await testConnection(ctx, body as Parameters<typeof testConnection>[1]);
  const first = await test.next();
  return new Response(lines(test, first, ctx.requestId), {
    headers: {
      "content-type": "application/x-ndjson; charset=utf-8",
      "cache-control": "no-store, no-transform",
      "x-accel-buffering": "no",
    },
  });
});

/** Pulled line by line, so that a reader who goes away ends the test and its sockets. */
function lines(
  test: AsyncGenerator<StepResult, void, undefined>,
  first: IteratorResult<StepResult, void>,
  requestId: string,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const encode = (line: TestLine) => encoder.encode(`${JSON.stringify(line)}\n`);
  let next: IteratorResult<StepResult, void> | null = first;
  return new ReadableStream({
    async pull(controller) {
      try {
        const step: IteratorResult<StepResult, void> = next ?? (await test.next());
        next = null;
        if (step.done) controller.close();
        else controller.enqueue(encode({ kind: "step", result: step.value }));
      } catch (error) {
        const { body } = errorBody(error, requestId);
        controller.enqueue(encode({ kind: "error", message: body.message, next: body.next }));
        controller.close();
      }
    },
    cancel: async () => {
      await test.return();
    },
  });
}
