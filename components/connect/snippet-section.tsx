import { Card } from "@/components/ui/card";
import { CodeBlock } from "@/components/ui/code-block";
import type { SnippetClient, SnippetFacts } from "@/lib/connections/snippets/snippet";

/** The configuration of one client, complete: what to install, the file, how to run it. */
export function SnippetSection({ client, facts }: { readonly client: SnippetClient; readonly facts: SnippetFacts }) {
  const setup = client.setup(facts);
  return (
    <Card title={`3. Configure ${client.label}`} headingLevel="h3">
      <div className="flex min-w-0 flex-col gap-3" data-snippet={client.id}>
        {setup === null ? null : (
          <Part label="Once">
            <CodeBlock code={`${setup}\n`} label="Set-up" />
          </Part>
        )}
        <Part label={client.file ?? "Command"}>
          <CodeBlock code={client.render(facts)} label={client.file ?? "Command"} />
        </Part>
        {client.run === null ? null : (
          <Part label="Run">
            <CodeBlock code={`${client.run}\n`} label="Run command" />
          </Part>
        )}
        {client.notes.length === 0 ? null : (
          <ul className="flex list-disc flex-col gap-1 pl-4 text-muted text-xs">
            {client.notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        )}
      </div>
    </Card>
  );
}

function Part({ label, children }: { readonly label: string; readonly children: React.ReactNode }) {
  return (
    <div className="min-w-0">
      <p className="mb-1 font-mono text-faint text-xs">{label}</p>
      {children}
    </div>
  );
}
