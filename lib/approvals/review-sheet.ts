import { eq } from "drizzle-orm";
import type { Ctx } from "@/lib/ctx";
import { catalogues } from "@/lib/db/schema";
import { compareWithPolicies, type PolicyComparison } from "./compare-with-policies";
import { type ApprovalDetail, getApproval } from "./get-approval";
import { type ReadableSql, readableSql } from "./readable-sql";
import { type TemplateHistory, templateHistory } from "./template-history";

/** Everything that stands on the page of a request, read at one moment. */
export interface ReviewSheet extends ApprovalDetail {
  readonly readable: ReadableSql;
  readonly comparison: PolicyComparison | null;
  readonly template: TemplateHistory;
  /** By the console's clock: countdowns go by it, whatever the browser's says. */
  readonly now: Date;
}

/** The page of a request, or null when there is none. Throws FORBIDDEN. */
export async function reviewSheet(ctx: Ctx, id: string, now: Date = new Date()): Promise<ReviewSheet | null> {
  const detail = await getApproval(ctx, id, now);
  if (detail === null) return null;
  const { approval } = detail;
  const [comparison, template, [catalogue]] = await Promise.all([
    compareWithPolicies(ctx, id),
    templateHistory(ctx, approval.templateHash),
    ctx.db
      .select({ version: catalogues.serverVersion })
      .from(catalogues)
      .where(eq(catalogues.connectionId, approval.connectionId)),
  ]);
  const dialect = /mariadb/i.test(catalogue?.version ?? "") ? "mariadb" : "mysql";
  return {
    ...detail,
    readable: readableSql(approval.sql, approval.parameters, dialect),
    comparison,
    template,
    now,
  };
}
