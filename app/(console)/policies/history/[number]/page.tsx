import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { DocumentChanges } from "@/components/policies/history/document-changes";
import { RollBack } from "@/components/policies/history/roll-back";
import { Crumb } from "@/components/shell/shell-context";
import { buttonStyles } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { SideBySide } from "@/components/ui/code-editor/side-by-side";
import { PageHeader } from "@/components/ui/page-header";
import { Time } from "@/components/ui/time";
import { requirePermission } from "@/lib/auth/require";
import { may } from "@/lib/auth/roles";
import { SallyportError } from "@/lib/errors/error";
import { diffRevisions } from "@/lib/policy/revisions/diff-revisions";
import { listRevisions } from "@/lib/policy/revisions/read-revisions";
import { rollBackAction } from "../../actions";

export const metadata: Metadata = { title: "Revision" };

interface Props {
  readonly params: Promise<{ number: string }>;
  readonly searchParams: Promise<{ with?: string | string[] }>;
}

export default async function RevisionPage({ params, searchParams }: Props) {
  const ctx = await requirePermission("policies:view");
  const [{ number: text }, search] = await Promise.all([params, searchParams]);
  if (!/^[1-9]\d{0,8}$/.test(text)) notFound();
  const number = Number(text);
  const newest = (await listRevisions(ctx, { size: 1 })).rows[0]?.number ?? number;
  const withNewest = search.with === "newest" && number < newest;
  const [from, to] = withNewest ? [number, newest] : [number - 1, number];
  const diff = await diffRevisions(ctx, { from, to }).catch((error: unknown) => {
    if (error instanceof SallyportError && error.code === "NOT_FOUND") notFound();
    throw error;
  });
  const shown = withNewest ? diff.from : diff.to;
  const labels = { before: from === 0 ? "Before the first revision" : `Revision ${from}`, after: `Revision ${to}` };
  return (
    <div className="flex flex-col gap-4">
      <Crumb text={`Revision ${number}`} />
      <PageHeader
        title={`Revision ${number}`}
        description={
          shown === null ? null : (
            <>
              {shown.summary}. Published by {shown.authorName}, <Time value={shown.createdAt} mode="both" />.
            </>
          )
        }
        actions={
          <>
            <Link href="/policies/history" className={buttonStyles({})}>
              History
            </Link>
            {number < newest ? (
              <Link
                href={withNewest ? `/policies/history/${number}` : `/policies/history/${number}?with=newest`}
                className={buttonStyles({})}
              >
                {withNewest ? "What it changed" : "Compare with now"}
              </Link>
            ) : null}
            {may(ctx.actor.roles, "policies:edit") && number < newest ? (
              <RollBack number={number} newest={newest} rollBack={rollBackAction} />
            ) : null}
          </>
        }
      />
      <Card title={withNewest ? `From revision ${from} to ${to}, which is in force` : "What it changed"}>
        <DocumentChanges changes={diff.changes} />
      </Card>
      <Card title="The configuration file" description="Passwords are not part of it.">
        <SideBySide before={diff.from?.document ?? ""} after={diff.to.document} labels={labels} />
      </Card>
    </div>
  );
}
