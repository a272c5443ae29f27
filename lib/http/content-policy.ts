/**
 * The Content-Security-Policy of one response. Scripts run by nonce only; style elements too, while style attributes are allowed,
 * because components place pop-ups with them. `formTargets`: origins a form may end up at (the identity provider).
 */
export function contentPolicy(options: {
  readonly nonce: string;
  readonly formTargets: readonly string[];
  readonly development: boolean;
  readonly https: boolean;
}): string {
  const { nonce, formTargets, development, https } = options;
  return [
    "default-src 'none'",
    // React's development build evaluates code to rebuild server stacks; production needs no eval.
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ""}`,
    // Next's development overlay writes style elements of its own.
    development ? "style-src 'self' 'unsafe-inline'" : `style-src 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self'${development ? " ws:" : ""}`,
    "manifest-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    `form-action ${["'self'", ...formTargets].join(" ")}`,
    "frame-ancestors 'none'",
    ...(https ? ["upgrade-insecure-requests"] : []),
  ].join("; ");
}
