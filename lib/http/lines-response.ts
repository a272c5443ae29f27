/** Lines are sent together up to about so many characters. */
const PART = 64 * 1024;

/** A file made of lines, sent as they come and only as fast as the browser takes them. A failure on the way breaks the download off. */
export function linesResponse(lines: AsyncGenerator<string>, contentType: string, fileName: string): Response {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const part: string[] = [];
      for (let length = 0; length < PART; ) {
        const next = await lines.next();
        if (next.done === true) {
          if (part.length > 0) controller.enqueue(encoder.encode(part.join("")));
          controller.close();
          return;
        }
        part.push(next.value, "\n");
        length += next.value.length + 1;
      }
      controller.enqueue(encoder.encode(part.join("")));
    },
    async cancel() {
      await lines.return(undefined);
    },
  });
  return new Response(body, {
    headers: {
      "content-type": contentType,
      "content-disposition": `attachment; filename="${fileName}"`,
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    },
  });
}
