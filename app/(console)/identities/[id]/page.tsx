import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { MeterList } from "@/components/budgets/meter-list";
import { IdentityActions } from "@/components/identities/identity-actions";
import { OwnerField } from "@/components/identities/owner-field";
import { StatusBadge } from "@/components/identities/status-badge";
import { LiveRefresh } from "@/components/shell/live";
import { Crumb } from "@/components/shell/shell-context";
import { Badge } from "@/components/ui/badge";
import { buttonStyles } from "@/components/ui/button";
import { Card, Facts } from "@/components/ui/card";
import { CopyId } from "@/components/ui/copy-button";
import { PageHeader } from "@/components/ui/page-header";
import { Time } from "@/components/ui/time";
import { requirePermission } from "@/lib/auth/require";
import { may } from "@/lib/auth/roles";
import { listUses } from "@/lib/budgets/list-uses";
import { env } from "@/lib/config/env";
import { getIdentity, listIdentities } from "@/lib/identities/list";

export const metadata: Metadata = { title: "Identity" };

export default async function IdentityPage({ params }: { readonly params: Promise<{ id: string }> }) {
  const ctx = await requirePermission("identities:view");
  const { id } = await params;
  const identity = await getIdentity(ctx, { id, roleMap: env("oidc").SALLYPORT_ROLES });
  if (identity === null) notFound();
  const uses = await listUses(ctx, { identityId: identity.id });
  const people =
    identity.kind === "machine"
      ? (await listIdentities(ctx, { filter: { kind: "person" }, roleMap: env("oidc").SALLYPORT_ROLES })).rows
      : [];
  const owner = people.find((person) => person.id === identity.ownerId);
  const editable = may(ctx.actor.roles, "identities:edit") && identity.id !== ctx.actor.id;
  const links = [
    ["Sessions", `/sessions?identity=${id}`],
    ["Statements", `/statements?identity=${id}`],
    ["Columns it saw", `/statements/columns?identity=${id}`],
    ["Audit", `/audit?actor=${id}`],
  ] as const;
  return (
    <div className="flex flex-col gap-4">
      <Crumb text={identity.displayName} />
      <LiveRefresh topics={["identities", "sessions", "connections", "statements"]} />
      <PageHeader
        title={identity.displayName}
        badge={<StatusBadge status={identity.status} />}
        description={identity.kind === "machine" ? "Machine client" : "Person"}
        actions={
          <>
            {links.map(([label, href]) => (
              <Link key={href} href={href} className={buttonStyles({ variant: "ghost" })}>
                {label}
              </Link>
            ))}
            {editable ? (
              <IdentityActions
                id={identity.id}
                name={identity.displayName}
                kind={identity.kind}
                status={identity.status}
              />
            ) : null}
          </>
        }
      />
      {identity.status === "suspended" ? (
        <p className="rounded-md bg-danger-soft px-3 py-2 text-danger">
          Suspended{identity.statusChangedBy ? ` by ${identity.statusChangedBy}` : ""}
          {identity.statusChangedAt ? (
            <>
              {" "}
              <Time value={identity.statusChangedAt} />
            </>
          ) : null}
          {identity.statusReason ? `: ${identity.statusReason}` : ""}
        </p>
      ) : null}
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <Card title="Who">
          <Facts
            items={[
              { key: "email", name: "E-mail", value: identity.email ?? "–" },
              { key: "client", name: "Client id", value: identity.clientId ?? "–" },
              { key: "subject", name: "Subject", value: <CopyId value={identity.subject} /> },
              { key: "issuer", name: "Issuer", value: identity.issuer },
              { key: "first", name: "First seen", value: <Time value={identity.firstSeenAt} mode="both" /> },
              { key: "last", name: "Last seen", value: <Time value={identity.lastSeenAt} mode="both" /> },
              { key: "id", name: "Id", value: <CopyId value={identity.id} /> },
              ...(identity.kind === "machine"
                ? [
                    {
                      key: "owner",
                      name: "Owner",
                      value: (
                        <OwnerField
                          id={identity.id}
                          owner={
                            identity.ownerId === null
                              ? null
                              : { id: identity.ownerId, name: owner?.displayName ?? identity.ownerId }
                          }
                          people={people.map(({ id: personId, displayName, email }) => ({
                            id: personId,
                            name: displayName,
                            email,
                          }))}
                          editable={may(ctx.actor.roles, "identities:edit")}
                        />
                      ),
                    },
                  ]
                : []),
            ]}
          />
        </Card>
        <Card
          title="May use"
          description="Connections whose policies bind this identity by client id, subject, group or e-mail."
        >
          {identity.connections.length === 0 ? (
            <p className="text-muted">No policy binds it: every login is refused.</p>
          ) : (
            <ul className="flex flex-col gap-1.5">
              {identity.connections.map((one) => (
                <li key={one.policy} className="flex flex-wrap items-center gap-2">
                  <Link
                    href={`/connections/${one.name}`}
                    className="inline-flex min-h-6 items-center text-accent-text underline underline-offset-4"
                  >
                    {one.name}
                  </Link>
                  <span className="text-faint">by policy {one.policy}</span>
                </li>
              ))}
            </ul>
          )}
          <p className="mt-3 text-muted">
            <Link
              href={`/sessions?state=live&identity=${id}`}
              className="text-accent-text underline underline-offset-4"
            >
              {identity.liveSessions} live {identity.liveSessions === 1 ? "session" : "sessions"}
            </Link>
          </p>
        </Card>
        <Card
          title="Budgets"
          description="What it has used of the budgets of its policies, in the windows that are open."
          className="lg:col-span-2"
        >
          {uses.meters.length === 0 ? (
            <p className="text-muted text-sm">
              No policy that binds it has a budget.{" "}
              <Link href="/policies" className="text-accent-text underline underline-offset-4">
                Policies
              </Link>{" "}
              say how much it may use.
            </p>
          ) : (
            <MeterList {...uses} of="identity" links />
          )}
        </Card>
        <Card title="Groups and roles" description="As the identity provider said at the last login.">
          <Facts
            items={[
              {
                key: "roles",
                name: "Console roles",
                value: <Badges items={identity.roles} none="none" tone="accent" />,
              },
              { key: "groups", name: "Groups", value: <Badges items={identity.groups} none="none" tone="neutral" /> },
            ]}
          />
        </Card>
        {identity.kind === "person" ? (
          <Card title="Signed in to the console">
            {identity.consoleSessions.length === 0 ? (
              <p className="text-muted">Nowhere.</p>
            ) : (
              <ul className="flex flex-col gap-2">
                {identity.consoleSessions.map((session) => (
                  <li key={session.id} className="min-w-0">
                    <p className="truncate" title={session.userAgent ?? undefined}>
                      {session.userAgent ?? "Unknown browser"}
                    </p>
                    <p className="text-faint text-xs">
                      since <Time value={session.createdAt} />, last seen <Time value={session.lastSeenAt} />
                    </p>
                  </li>
                ))}
              </ul>
            )}
          </Card>
        ) : null}
      </div>
    </div>
  );
}

function Badges({
  items,
  none,
  tone,
}: {
  readonly items: readonly string[];
  readonly none: string;
  readonly tone: "accent" | "neutral";
}) {
  if (items.length === 0) return none;
  return (
    <span className="flex flex-wrap gap-1">
      {items.map((item) => (
        <Badge key={item} tone={tone}>
          {item}
        </Badge>
      ))}
    </span>
  );
}
