"use client";

import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";

/** What stands in place of a page that failed; `digest` is what the server's log has of it. */
export default function ConsoleError({
  error,
  reset,
}: {
  readonly error: Error & { digest?: string };
  readonly reset: () => void;
}) {
  return (
    <>
      <h1 className="sr-only">Failed</h1>
      <EmptyState
        kind="error"
        title="This page could not be loaded"
        requestId={error.digest}
        action={<Button onClick={reset}>Try again</Button>}
      >
        The store may be out of reach for a moment. If it stays, give your administrator the request id.
      </EmptyState>
    </>
  );
}
