import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { PolicyEditor } from "@/components/policies/policy-editor";
import { RemovePolicy } from "@/components/policies/remove-policy";
import { LiveRefresh } from "@/components/shell/live";
import { Crumb } from "@/components/shell/shell-context";
import { buttonStyles } from "@/components/ui/button";
import { PageHeader } from "@/components/ui/page-header";
import { Time } from "@/components/ui/time";
import { requirePermission } from "@/lib/auth/require";
import { may } from "@/lib/auth/roles";
import { SallyportError } from "@/lib/errors/error";
import type { RawParams } from "@/lib/http/address-params";
import { removalOnlyNarrows } from "@/lib/policy/impact/policy-narrows";
import { getPolicy } from "@/lib/policy/list-policies";
import { publishNewPolicyAction, publishPolicyAction, removePolicyAction } from "../actions";
import { editorFacts, triedStatement, wantedRule, withWantedRule } from "../editor-facts";

export const metadata: Metadata = { title: "Policy" };

interface Props {
  readonly params: Promise<{ id: string }>;
  readonly searchParams: Promise<RawParams>;
}

export default async function PolicyPage({ params, searchParams }: Props) {
  const ctx = await requirePermission("policies:view");
  const [{ id }, search] = await Promise.all([params, searchParams]);
  const policy = await getPolicy(ctx, decodeURIComponent(id)).catch((error: unknown) => {
    if (error instanceof SallyportError && error.code === "NOT_FOUND") notFound();
    throw error;
  });
  const edits = may(ctx.actor.roles, "policies:edit");
  const [facts, tried, wanted] = await Promise.all([
    editorFacts(ctx),
    triedStatement(ctx, search),
    wantedRule(ctx, search),
  ]);
  const { name, connection, identities, metadata: shown, default: fallback, rules, version, updatedBy } = policy;
  const draft = { name, connection: connection.name, identities, metadata: shown, default: fallback, rules };
  return (
    <div className="flex flex-col gap-4">
      <Crumb text={name} />
      <LiveRefresh topics={["connections"]} />
      <PageHeader
        title={name}
        description={
          <>
            On{" "}
            <Link href={`/connections/${connection.name}`} className="text-accent-text underline underline-offset-4">
              {connection.name}
            </Link>
            . Changed <Time value={policy.updatedAt} /> by {updatedBy}.
          </>
        }
        actions={
          <>
            <Link href={`/statements?policy=${encodeURIComponent(name)}`} className={buttonStyles({})}>
              What it decided
            </Link>
            <Link href="/policies/history" className={buttonStyles({})}>
              History
            </Link>
            {edits ? (
              <RemovePolicy
                id={policy.id}
                version={version}
                name={name}
                connection={connection.name}
                onlyNarrows={removalOnlyNarrows(draft)}
                remove={removePolicyAction}
              />
            ) : null}
          </>
        }
      />
      <PolicyEditor
        key={policy.id}
        stored={{ id: policy.id, version, draft, updatedBy }}
        starting={withWantedRule(draft, wanted)}
        {...facts}
        {...(tried === undefined ? {} : { tried })}
        actions={edits ? { create: publishNewPolicyAction, update: publishPolicyAction } : null}
      />
    </div>
  );
}
