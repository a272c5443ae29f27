import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { CenteredPage } from "@/components/sign-in/centered-page";
import { SignOutButton } from "@/components/sign-in/sign-out-button";
import { Badge } from "@/components/ui/badge";
import { requireConsoleSession } from "@/lib/auth/require";
import { env } from "@/lib/config/env";
import { ROLES } from "@/lib/ctx";

export const metadata: Metadata = { title: "No role" };

/** For people who signed in and may see nothing: who they are here, which groups were seen, whom to ask. */
export default async function NoRolePage() {
  const { identity, roles } = await requireConsoleSession();
  if (roles.length > 0) redirect("/");
  const { OIDC_ISSUER, OIDC_GROUPS_CLAIM, SALLYPORT_ROLES } = env("oidc");
  const configured = ROLES.filter((role) => SALLYPORT_ROLES[role].length > 0);
  return (
    <CenteredPage>
      <h1 className="font-semibold text-lg">You have no role here</h1>
      <p className="text-muted">
        You are signed in as <strong className="text-fg">{identity.name}</strong>
        {identity.email ? ` (${identity.email})` : ""}, but none of your groups gives a role in Sallyport.
      </p>
      <section className="flex flex-col gap-1.5">
        <h2 className="font-medium">Groups that {new URL(OIDC_ISSUER).host} sent</h2>
        {identity.groups.length === 0 ? (
          <p className="text-muted">None (claim “{OIDC_GROUPS_CLAIM}”).</p>
        ) : (
          <ul className="flex flex-wrap gap-1">
            {identity.groups.map((group) => (
              <li key={group} className="max-w-full">
                <Badge>
                  <span className="truncate">{group}</span>
                </Badge>
              </li>
            ))}
          </ul>
        )}
      </section>
      <p className="text-muted">
        {configured.length === 0
          ? "No group gives any role yet: whoever runs Sallyport sets them in SALLYPORT_ROLES."
          : "Ask an administrator of your identity provider for a group that gives one of the roles administrator, reviewer or auditor. Sign out and in again afterwards."}
      </p>
      <div>
        <SignOutButton />
      </div>
    </CenteredPage>
  );
}
