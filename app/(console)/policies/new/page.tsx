import type { Metadata } from "next";
import Link from "next/link";
import { LearnedEditor } from "@/components/policies/learn/learned-editor";
import { Crumb } from "@/components/shell/shell-context";
import { buttonStyles } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { requirePermission } from "@/lib/auth/require";
import type { RawParams } from "@/lib/http/address-params";
import { emptyDraft } from "@/lib/policy/draft/draft";
import { publishNewPolicyAction, publishPolicyAction } from "../actions";
import { editorFacts, triedStatement, wantedRule, withWantedRule } from "../editor-facts";
import { learnedPolicy } from "../learned-policy";

export const metadata: Metadata = { title: "New policy" };

export default async function NewPolicyPage({ searchParams }: { readonly searchParams: Promise<RawParams> }) {
  const ctx = await requirePermission("policies:edit");
  const params = await searchParams;
  const [facts, tried, suggested, learned] = await Promise.all([
    editorFacts(ctx),
    triedStatement(ctx, params),
    wantedRule(ctx, params),
    learnedPolicy(ctx, params),
  ]);
  const wanted = facts.connections.find((one) => one.name === params.connection) ?? facts.connections[0];
  return (
    <div className="flex flex-col gap-4">
      <Crumb text="New policy" />
      <PageHeader
        title="New policy"
        description="Say whom it binds and what they may do; try statements beside it before you publish."
      />
      {wanted === undefined ? (
        <div className="rounded-lg border bg-surface">
          <EmptyState
            kind="first-use"
            title="A policy needs a connection"
            action={
              <Link href="/connections" className={buttonStyles({ variant: "primary" })}>
                Add a connection
              </Link>
            }
          >
            A connection is the database that a policy is for.
          </EmptyState>
        </div>
      ) : (
        <LearnedEditor
          learned={learned}
          stored={null}
          starting={withWantedRule(emptyDraft(wanted.name), suggested)}
          {...facts}
          {...(tried === undefined ? {} : { tried })}
          actions={{ create: publishNewPolicyAction, update: publishPolicyAction }}
        />
      )}
    </div>
  );
}
