"use client";

import { CodeBlock } from "@/components/ui/code-block";

/** A webhook's signing secret, the one time that it is shown. */
export function SecretOnce({ secret }: { readonly secret: string }) {
  return (
    <div className="flex flex-col gap-2">
      <p>
        The receiver verifies signatures with this secret. <strong>It is shown this once:</strong> copy it now.
      </p>
      <CodeBlock code={secret} label="Signing secret" wrap />
      <p className="text-muted text-xs">
        Signed as Standard Webhooks 1.0 says: HMAC-SHA256 over <code>webhook-id.webhook-timestamp.body</code>. Libraries
        for most languages take the secret as it stands here.
      </p>
    </div>
  );
}
