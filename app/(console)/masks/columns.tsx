import Link from "next/link";
import { MaskWorkbench } from "@/components/masks/mask-workbench";
import { buttonStyles } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import type { ConsoleCtx } from "@/lib/auth/console-ctx";
import { may } from "@/lib/auth/roles";
import { readSchemaTree } from "@/lib/catalogue/browse";
import { SallyportError } from "@/lib/errors/error";
import { cursorOf, type RawParams } from "@/lib/http/address-params";
import { browseColumns, type MaskedSchema } from "@/lib/masks/browse-columns";
import { maskActions, maskEditorFacts, type NamedConnection } from "./editor-facts";
import { COLUMN_PARAMS, readColumnFilter } from "./search-params";

/** The columns of a connection with what hides them, and the masks by pattern. */
export async function MaskColumns({
  ctx,
  params,
  connection,
  connections,
}: {
  readonly ctx: ConsoleCtx;
  readonly params: RawParams;
  readonly connection: NamedConnection;
  readonly connections: readonly NamedConnection[];
}) {
  let schema: MaskedSchema;
  try {
    schema = await browseColumns(ctx, connection.id, readColumnFilter(params), cursorOf(params));
  } catch (error) {
    if (error instanceof SallyportError && error.code === "INVALID_INPUT") {
      return (
        <div className="rounded-lg border bg-surface">
          <EmptyState
            kind="error"
            title="This address has a filter that is not understood"
            action={
              <Link href="/masks" className={buttonStyles({})}>
                Clear filters
              </Link>
            }
          >
            {error.message}
          </EmptyState>
        </div>
      );
    }
    throw error;
  }
  const [tree, facts] = await Promise.all([readSchemaTree(ctx, connection.id), maskEditorFacts(ctx)]);
  return (
    <MaskWorkbench
      key={connection.id}
      connection={{ id: connection.id, name: connection.name }}
      connections={connections.map((one) => one.name)}
      schema={schema}
      schemas={tree.known?.schemas ?? []}
      filtered={COLUMN_PARAMS.some((name) => params[name] !== undefined)}
      tags={may(ctx.actor.roles, "findings:view")}
      actions={maskActions(ctx)}
      {...facts}
    />
  );
}
