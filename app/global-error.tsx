"use client";

/** The last resort, when even the frame failed: no styles can be relied on. */
export default function GlobalError({
  error,
  reset,
}: {
  readonly error: Error & { digest?: string };
  readonly reset: () => void;
}) {
  return (
    <html lang="en">
      <body>
        <main>
          <h1>Sallyport could not be loaded</h1>
          <p>Try again. If it stays, give your administrator this request id: {error.digest ?? "none"}.</p>
          <button type="button" onClick={reset}>
            Try again
          </button>
        </main>
      </body>
    </html>
  );
}
