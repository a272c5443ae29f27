"use client";

import { Card } from "@/components/ui/card";
import { CodeBlock } from "@/components/ui/code-block";
import { Tabs } from "@/components/ui/tabs";
import type { AgentFacts } from "@/lib/connections/agent-facts";
import { curlToken, sallyportToken, type TokenFacts } from "@/lib/connections/snippets/token";

const DEMO_CLIENTS = new Set(["orders-agent", "support-agent"]);

/** Both ways of getting an access token; it becomes the password. */
export function TokenSection({ facts, clientId }: { readonly facts: AgentFacts; readonly clientId: string }) {
  const demo = facts.embedded && DEMO_CLIENTS.has(clientId);
  const token: TokenFacts = {
    clientId,
    tokenEndpoint: facts.tokenEndpoint,
    audience: facts.audience,
    demoSecret: demo ? `${clientId}-secret` : null,
  };
  return (
    <Card
      title="1. Get a token"
      description={
        demo
          ? "The demo's clients have known secrets: paste this into a terminal as it is."
          : "In the shell that starts the agent. The first line asks for the client's secret."
      }
      headingLevel="h3"
    >
      <Tabs
        label="Ways of getting a token"
        items={[
          {
            value: "sallyport",
            label: "sallyport token",
            content: <CodeBlock code={sallyportToken(token)} label="Command" />,
          },
          {
            value: "curl",
            label: "curl",
            content: (
              <div className="flex flex-col gap-2">
                {facts.tokenEndpoint === null ? (
                  <p role="status" className="text-sm text-warn">
                    The identity provider {facts.issuer} does not answer now: put its token endpoint in by hand.
                  </p>
                ) : null}
                <CodeBlock code={curlToken(token)} label="Command" />
                <p className="text-muted text-xs">
                  Some identity providers want audience= in place of resource=, or a scope that ends in /.default. The
                  token must carry aud <code className="font-mono">{facts.audience}</code>.
                </p>
              </div>
            ),
          },
        ]}
      />
    </Card>
  );
}
