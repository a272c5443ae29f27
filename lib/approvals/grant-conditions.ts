import { eq, ne, or } from "drizzle-orm";
import { approvals } from "@/lib/db/schema";

/** Of an approved row: something is left to use or to take back. A grant for once is gone with its first use. */
export const UNUSED = or(ne(approvals.grantScope, "once"), eq(approvals.grantUses, 0));
