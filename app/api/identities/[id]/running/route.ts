import { consoleRoute } from "@/lib/auth/console-route";
import { ulidText } from "@/lib/db/ulid-bounds";
import { parseInput } from "@/lib/parse-input";
import { endsWithIdentity } from "@/lib/sessions/running";

/** What would end and roll back if this identity were suspended now. */
export const GET = consoleRoute<{ id: string }>("identities:edit", async (ctx, _request, { id }) =>
  endsWithIdentity(ctx, parseInput(ulidText, id, "The identity")),
);
