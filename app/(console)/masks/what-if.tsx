import { ConnectionChoice } from "@/components/masks/connection-choice";
import { TryPanel } from "@/components/policies/try/try-panel";
import type { ConsoleCtx } from "@/lib/auth/console-ctx";
import { maskEditorFacts, type NamedConnection } from "./editor-facts";

/** What a statement would show to an identity, by the masks that are in force. */
export async function WhatIf({
  ctx,
  connection,
  connections,
}: {
  readonly ctx: ConsoleCtx;
  readonly connection: NamedConnection;
  readonly connections: readonly NamedConnection[];
}) {
  const { seen, suggestions } = await maskEditorFacts(ctx);
  return (
    <div className="flex max-w-4xl flex-col gap-3">
      <ConnectionChoice value={connection.name} connections={connections.map((one) => one.name)} />
      <TryPanel
        key={connection.id}
        title="What would be hidden, and why"
        connection={connection.name}
        draft={null}
        storedName={null}
        seen={seen}
        suggestions={suggestions}
      />
    </div>
  );
}
