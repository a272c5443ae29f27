import { accountUse, NO_TABLE } from "@/lib/masking/account-use";
import type { Understood } from "@/lib/policy/understand";
import type { AccountRuling } from "../session/gate";
import type { ScopeParts } from "./scope";

/** Of statements that touch no table: there is nothing to find out about them. */
const OWN_ACCOUNT: AccountRuling = { ...NO_TABLE, opinion: { confirmedAt: 0, told: false } };

/** Of commands that are decided without a statement. */
export function accountOfCommand({ restricted }: ScopeParts): AccountRuling | null {
  return restricted ? OWN_ACCOUNT : null;
}

/** Which account runs a template; null when the connection has no other than its main one. */
export function accountOf({ subject, analysis }: Understood, parts: ScopeParts): AccountRuling | null {
  if (!parts.restricted) return null;
  if (subject.kind === "housekeeping" || subject.kind === "use") return OWN_ACCOUNT;
  return {
    ...accountUse(subject, analysis, parts.masks, parts.catalogue),
    opinion: { confirmedAt: 0, told: false },
  };
}
