"use client";

import { Download } from "lucide-react";
import { buttonStyles } from "@/components/ui/button";
import { Card, Facts } from "@/components/ui/card";
import { CopyId } from "@/components/ui/copy-button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Time } from "@/components/ui/time";
import type { GatewayEndpoint } from "@/lib/connections/gateway-endpoint";

/** What the agent's machine needs to trust the gateway. */
export function TrustSection({
  gateway,
  caPath,
  onCaPath,
}: {
  readonly gateway: GatewayEndpoint;
  readonly caPath: string;
  readonly onCaPath: (path: string) => void;
}) {
  const { authority, trust } = gateway;
  if (trust === "public") {
    return null;
  }
  return (
    <Card
      title="2. Trust the gateway"
      description="A token is sent over TLS only, and only a verified gateway should get it."
      headingLevel="h3"
      actions={
        authority === null ? null : (
          // A file, not a page: the router has no part in it.
          <a href="/api/connect/ca" download className={buttonStyles({ size: "sm" })}>
            <Download aria-hidden />
            Certificate
          </a>
        )
      }
    >
      <div className="flex flex-col gap-3">
        {trust === "unknown" ? (
          <p role="status" className="text-sm text-warn">
            This console was not told which authority signed the gateway's certificate. Ask the operator for the file,
            or set GATEWAY_TLS_CA for the console.
          </p>
        ) : null}
        <Field
          label="Path of the certificate on the agent's machine"
          description={authority?.path === caPath ? "This is where it is on the gateway's own machine." : undefined}
        >
          <Input
            value={caPath}
            onChange={(event) => onCaPath(event.target.value)}
            spellCheck={false}
            className="font-mono text-xs"
          />
        </Field>
        {authority === null ? null : (
          <Facts
            items={[
              { key: "subject", name: "Authority", value: authority.subject },
              { key: "to", name: "Valid until", value: <Time value={authority.validTo} mode="absolute" /> },
              { key: "print", name: "SHA-256", value: <CopyId value={authority.fingerprint} /> },
            ]}
          />
        )}
      </div>
    </Card>
  );
}
