"use client";

import Link from "next/link";
import { useQueryState } from "nuqs";
import { useState } from "react";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import type { AgentFacts } from "@/lib/connections/agent-facts";
import { SNIPPET_CLIENTS } from "@/lib/connections/snippets/clients";
import { ClientPicker } from "./client-picker";
import { LoginWatch } from "./login-watch";
import { SnippetSection } from "./snippet-section";
import { TokenSection } from "./token-section";
import { TrustSection } from "./trust-section";

const DEFAULT_CA_PATH = "/etc/sallyport/ca.pem";

/**
 * From a connection and a client to a configuration that runs, then waits for its first login. `fixed` names the connection
 * where the page is about one already; `now` is the server's time when the page was made, in milliseconds.
 */
export function AgentConnect({
  facts,
  fixed,
  now,
}: {
  readonly facts: AgentFacts;
  readonly fixed?: string;
  readonly now: number;
}) {
  const [chosen, setChosen] = useQueryState("connection");
  const [clientId, setClientId] = useQueryState("client", { history: "replace" });
  const [since] = useState(now);
  const [host, setHost] = useState(facts.gateway.host);
  const [caPath, setCaPath] = useState(facts.gateway.authority?.path ?? DEFAULT_CA_PATH);
  const [identity, setIdentity] = useState<string | null>(null);
  const wanted = fixed ?? chosen;
  const connection = facts.connections.find((one) => one.name === wanted) ?? facts.connections[0];
  const client = SNIPPET_CLIENTS.find((one) => one.id === clientId) ?? SNIPPET_CLIENTS[0];
  if (connection === undefined || client === undefined) {
    return null;
  }
  const snippetFacts = {
    connection: connection.name,
    schema: connection.schema,
    host,
    port: facts.gateway.port,
    caPath: facts.gateway.trust === "public" ? null : caPath,
  };
  const agent = identity ?? connection.clientIds[0] ?? "your-agent";

  return (
    <div className="flex min-w-0 flex-col gap-4">
      <div className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
        {fixed === undefined ? (
          <Field label="Connection">
            <Select
              value={connection.name}
              onValueChange={(name) => void setChosen(name)}
              options={facts.connections.map(({ name }) => ({ value: name, label: name }))}
            />
          </Field>
        ) : null}
        <Field
          label="Agent's client id"
          description={connection.clientIds.length > 0 ? undefined : "No machine client is bound yet."}
        >
          {connection.clientIds.length > 0 ? (
            <Select
              value={agent}
              onValueChange={setIdentity}
              options={connection.clientIds.map((id) => ({ value: id, label: id }))}
            />
          ) : (
            <Input value={agent} onChange={(event) => setIdentity(event.target.value)} spellCheck={false} />
          )}
        </Field>
        <Field label="Gateway as the agent reaches it">
          <Input value={host} onChange={(event) => setHost(event.target.value)} spellCheck={false} />
        </Field>
      </div>
      {connection.bound ? null : (
        <p role="status" className="rounded-md bg-warn-soft px-3 py-2 text-sm text-warn">
          No policy binds anyone to {connection.name}: every login will be refused.{" "}
          <Link href={`/connections/${connection.name}?tab=access`} className="underline underline-offset-2">
            Say who may connect
          </Link>
        </p>
      )}
      <ClientPicker value={client.id} onChange={(id) => void setClientId(id)} />
      <TokenSection facts={facts} clientId={agent} />
      <TrustSection gateway={facts.gateway} caPath={caPath} onCaPath={setCaPath} />
      <SnippetSection client={client} facts={snippetFacts} />
      <LoginWatch connection={connection.name} since={since} />
    </div>
  );
}
