import { GraduationCap } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { Suspense } from "react";
import { Health } from "@/components/connections/health";
import { TestButton } from "@/components/connections/test-button";
import { TlsBadge } from "@/components/connections/tls-badge";
import { LiveRefresh } from "@/components/shell/live";
import { Crumb } from "@/components/shell/shell-context";
import { buttonStyles } from "@/components/ui/button";
import { PageHeader } from "@/components/ui/page-header";
import { ListSkeleton } from "@/components/ui/skeleton";
import { TabLinks } from "@/components/ui/tabs";
import { requirePermission } from "@/lib/auth/require";
import { may } from "@/lib/auth/roles";
import { getConnection } from "@/lib/connections/get-connection";
import { SallyportError } from "@/lib/errors/error";
import type { RawParams } from "@/lib/http/address-params";
import { TabContent } from "./tab-content";
import { CONNECTION_TABS } from "./tabs";

interface Props {
  readonly params: Promise<{ name: string }>;
  readonly searchParams: Promise<RawParams>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: decodeURIComponent((await params).name).slice(0, 32) };
}

export default async function ConnectionPage({ params, searchParams }: Props) {
  const ctx = await requirePermission("connections:view");
  const [{ name }, search] = await Promise.all([params, searchParams]);
  const connection = await getConnection(ctx, decodeURIComponent(name)).catch((error: unknown) => {
    if (error instanceof SallyportError && error.code === "NOT_FOUND") notFound();
    throw error;
  });
  const tabs = CONNECTION_TABS.filter((tab) => may(ctx.actor.roles, tab.permission));
  const current = tabs.find((tab) => tab.value === search.tab) ?? tabs[0];
  if (current === undefined) notFound();
  return (
    <div className="flex flex-col gap-4">
      <Crumb text={connection.name} />
      <LiveRefresh topics={["connections"]} />
      <PageHeader
        title={connection.name}
        badge={<TlsBadge mode={connection.tls} />}
        description={
          <span className="flex flex-wrap items-center gap-x-4 gap-y-1">
            <span className="break-all font-mono text-xs">
              {connection.user}@{connection.host}:{connection.port}
              {connection.schema === null ? "" : `/${connection.schema}`}
            </span>
            <Health lastTest={connection.lastTest} />
            <span>{connection.liveSessions === 1 ? "1 live session" : `${connection.liveSessions} live sessions`}</span>
          </span>
        }
        actions={
          <>
            {connection.mode === "observe" && may(ctx.actor.roles, "analyses:view") ? (
              <Link
                href={`/policies/learn?connection=${encodeURIComponent(connection.name)}`}
                className={buttonStyles({})}
              >
                <GraduationCap aria-hidden />
                Learn a policy
              </Link>
            ) : null}
            {may(ctx.actor.roles, "connections:test") ? <TestButton id={connection.id} name={connection.name} /> : null}
          </>
        }
      />
      <TabLinks
        label="Parts of this connection"
        items={tabs.map((tab) => ({
          href: `/connections/${connection.name}?tab=${tab.value}`,
          label: tab.label,
          active: tab === current,
        }))}
      />
      <Suspense key={current.value} fallback={<ListSkeleton rows={5} />}>
        <TabContent ctx={ctx} connection={connection} tab={current.value} params={search} />
      </Suspense>
    </div>
  );
}
