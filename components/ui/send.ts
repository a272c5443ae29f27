import type { ErrorBody } from "@/lib/http/error-body";

export type Sent<T> = { readonly ok: true; readonly data: T } | { readonly ok: false; readonly error: ErrorBody };

/** Calls one of the console's own route handlers with JSON. Never throws: a lost connection is an UNAVAILABLE error like any other. */
export async function send<T>(
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
  url: string,
  body?: unknown,
  signal?: AbortSignal,
): Promise<Sent<T>> {
  try {
    const response = await fetch(url, {
      method,
      ...(signal === undefined ? {} : { signal }),
      headers: body === undefined ? {} : { "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer: unknown = await response.json();
    // Route handlers answer with the value, or with `{ error: ErrorBody }` (lib/auth/console-route.ts).
    return response.ok ? { ok: true, data: answer as T } : { ok: false, error: (answer as { error: ErrorBody }).error };
  } catch {
    return {
      ok: false,
      error: {
        code: "UNAVAILABLE",
        message: "The console does not answer",
        next: "Check your connection and try again",
        problems: [],
        requestId: "",
      },
    };
  }
}

/** An error as one line: what happened, and what to do. */
export function errorText(error: ErrorBody): string {
  return error.next === null ? error.message : `${error.message}. ${error.next}.`;
}
