import type { DbOrTx } from "@/lib/db/client";

/** Who acts. Names are for people; ids tie the audit event to the identity. */
export type Actor =
  | {
      readonly kind: "person";
      readonly id: string;
      readonly name: string;
      readonly roles: readonly Role[];
      readonly address: string | null;
    }
  | { readonly kind: "machine"; readonly id: string; readonly name: string; readonly address: string | null }
  | { readonly kind: "system"; readonly name: string };

/** What a person may do in the console; from IdP groups by SALLYPORT_ROLES. */
export const ROLES = ["admin", "reviewer", "auditor"] as const;
export type Role = (typeof ROLES)[number];

/** What every domain verb gets first: who acts, on which request, on which database or transaction. */
export interface Ctx {
  readonly actor: Actor;
  readonly requestId: string;
  readonly db: DbOrTx;
}
