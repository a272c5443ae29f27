import { errorBody } from "@/lib/http/error-body";
import type { StepResult, TestLine } from "./steps";

/** A running test as an answer of one JSON line per step. What is refused before the first step rejects, as an ordinary error. */
export async function testResponse(
  test: AsyncGenerator<StepResult, void, undefined>,
  requestId: string,
): Promise<Response> {
  const first = await test.next();
  return new Response(lines(test, first, requestId), {
    headers: {
      "content-type": "application/x-ndjson; charset=utf-8",
      "cache-control": "no-store, no-transform",
      "x-accel-buffering": "no",
    },
  });
}

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
