import type { Metadata } from "next";
import Link from "next/link";
import { AttentionList } from "@/components/overview/attention-list";
import { Denials } from "@/components/overview/denials";
import { FirstStepsCard } from "@/components/overview/first-steps-card";
import { MinuteChart } from "@/components/overview/minute-chart";
import { NumberTile } from "@/components/overview/number-tile";
import { Refusals } from "@/components/overview/refusals";
import { LiveRefresh } from "@/components/shell/live";
import { buttonStyles } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { formatCount } from "@/components/ui/format-quantity";
import { formatDuration } from "@/components/ui/format-time";
import { PageHeader } from "@/components/ui/page-header";
import { requirePermission } from "@/lib/auth/require";
import { may } from "@/lib/auth/roles";
import { needsAttention, recentRefusals } from "@/lib/overview/attention";
import { readFirstSteps } from "@/lib/overview/first-steps";
import { recentDenials } from "@/lib/overview/recent-denials";
import { readTraffic, type Traffic } from "@/lib/overview/traffic";
import { countLiveSessions } from "@/lib/sessions/list";

export const metadata: Metadata = { title: "Overview" };
const REFUSALS_SHOWN = 8;
const DENIALS_SHOWN = 6;

export default async function OverviewPage() {
  const ctx = await requirePermission("overview:view");
  const seesAudit = may(ctx.actor.roles, "audit:view");
  const [attention, steps, traffic, live, denials, refusals] = await Promise.all([
    needsAttention(ctx),
    readFirstSteps(ctx),
    readTraffic(ctx),
    countLiveSessions(ctx),
    recentDenials(ctx, DENIALS_SHOWN),
    seesAudit ? recentRefusals(ctx, REFUSALS_SHOWN) : null,
  ]);
  return (
    <div className="flex flex-col gap-4">
      <LiveRefresh topics={["approvals", "statements", "sessions", "audit", "connections", "identities", "gateways"]} />
      <PageHeader title="Overview" />
      <FirstStepsCard steps={steps} />
      <Tiles traffic={traffic} live={live} />
      <Card
        title="Statements per minute"
        description="The last 60 minutes"
        actions={
          <Link href="/statements?range=1h" className={buttonStyles({ variant: "ghost", size: "sm" })}>
            All of them
          </Link>
        }
      >
        <MinuteChart minutes={traffic.minutes} />
      </Card>
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <div className="flex min-w-0 flex-col gap-4">
          <Card title="Needs a person">
            <AttentionList items={attention} />
          </Card>
          {refusals === null ? null : (
            <Card
              title="Logins refused lately"
              actions={
                <Link href="/audit?result=refused" className={buttonStyles({ variant: "ghost", size: "sm" })}>
                  All refusals
                </Link>
              }
            >
              <Refusals items={refusals} />
            </Card>
          )}
        </div>
        <Card
          title="Denied lately"
          description="Those of self-tests are left out."
          actions={
            <Link href="/statements?effect=deny" className={buttonStyles({ variant: "ghost", size: "sm" })}>
              All of them
            </Link>
          }
        >
          <Denials items={denials} />
        </Card>
      </div>
    </div>
  );
}

function Tiles({ traffic, live }: { readonly traffic: Traffic; readonly live: number }) {
  const { total, errors, denied, reviewed, durations, maskedToday, dayStart } = traffic;
  const sample = durations === null ? "no statement yet" : `of the last ${formatCount(durations.sample)}`;
  return (
    <div className="grid grid-cols-2 gap-3 sm:grid-cols-3 lg:grid-cols-7">
      <NumberTile label="Live sessions" value={formatCount(live)} href="/sessions?state=live" />
      <NumberTile label="Statements, last hour" value={formatCount(total)} href="/statements?range=1h" />
      <NumberTile
        label="Denied"
        value={formatCount(denied)}
        detail={reviewed === 0 ? null : `${formatCount(reviewed)} to review`}
        href="/statements?range=1h&effect=deny"
      />
      <NumberTile
        label="Rows masked today"
        value={formatCount(maskedToday)}
        detail="since 00:00 UTC"
        href={`/statements?masked=yes&from=${dayStart.toISOString()}`}
      />
      <NumberTile
        label="With an error"
        value={formatCount(errors)}
        detail={total === 0 ? null : `${((errors / total) * 100).toFixed(1)} %`}
        href="/statements?range=1h&outcome=error"
      />
      <NumberTile
        label="Duration, half within"
        value={durations === null ? "–" : formatDuration(durations.p50 / 1000)}
        detail={sample}
        href="/statements?range=1h"
      />
      <NumberTile
        label="Duration, 99 % within"
        value={durations === null ? "–" : formatDuration(durations.p99 / 1000)}
        detail={sample}
        href="/statements?range=1h"
      />
    </div>
  );
}
