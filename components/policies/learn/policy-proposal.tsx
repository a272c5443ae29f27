"use client";

import Link from "next/link";
import { useMemo } from "react";
import { BindingBadge } from "@/components/connections/binding-text";
import { Button, buttonStyles } from "@/components/ui/button";
import { formatCount, formatShare } from "@/components/ui/format-quantity";
import { Menu, MenuGroup, MenuLink } from "@/components/ui/menu";
import { Time } from "@/components/ui/time";
import type { PublishedProposal } from "@/lib/learning/list-published";
import type { ProposedPolicy } from "@/lib/policy/suggest/model";
import { type Choice, isWanted, type ProposalReview, reviewTotal } from "@/lib/policy/suggest/review";
import { ApartNotice } from "./apart-notice";
import { LeftOutList } from "./left-out-list";
import { ProposedRuleCard } from "./proposed-rule-card";
import { ReviewTotalBar } from "./review-total-bar";
import { SurfaceMeter } from "./surface-meter";
import { useSurface } from "./use-surface";

export interface PolicyProposalProps {
  readonly proposal: ProposedPolicy;
  /** Its place in the result. */
  readonly index: number;
  readonly review: ProposalReview;
  readonly open: ReadonlySet<string>;
  readonly evidence: { readonly connection: string; readonly since: string; readonly until: string };
  readonly published: readonly PublishedProposal[];
  readonly onToggle: (key: string) => void;
  /** Null for people who may only look. */
  readonly decide: {
    readonly want: (wanted: boolean) => void;
    readonly choose: (at: number, choice: Choice) => void;
    readonly edit: (at: number) => void;
    readonly undoEdit: (at: number) => void;
    /** The editor's address for a new policy, and for those that bind one of the same identities. */
    readonly newHref: string;
    readonly existing: readonly { readonly id: string; readonly name: string; readonly href: string }[];
  } | null;
}

/** One proposed policy with its rules, and what is taken of it so far. */
export function PolicyProposal(props: PolicyProposalProps) {
  const { proposal, index, review, evidence, published, decide } = props;
  const { policy, rules, statements, allowedShare, surface, apart, leftOut } = proposal;
  const wanted = isWanted(proposal, review);
  const total = useMemo(() => reviewTotal(proposal, review), [proposal, review]);
  const taken = useSurface(evidence.connection, proposal, review);
  const numbered = rules.map((proposed, at) => ({ proposed, at }));
  const headingId = `proposal-${index}`;
  return (
    <section aria-labelledby={headingId} className="flex min-w-0 flex-col gap-4 rounded-lg border bg-surface p-4">
      <header className="flex flex-col gap-2">
        <h2 id={headingId} className="break-words font-semibold text-base">
          {policy.name}
        </h2>
        <p className="flex flex-wrap items-center gap-1.5 text-muted text-sm">
          For{" "}
          {policy.identities.map((one) => (
            <BindingBadge key={JSON.stringify(one)} binding={one} />
          ))}
        </p>
        <p className="flex flex-wrap items-center gap-x-6 gap-y-1 text-muted text-sm">
          <span>Learned from {formatCount(statements)} statements</span>
          <span>As proposed, allows {formatShare(allowedShare, 1)} of those that need a rule</span>
          <SurfaceMeter surface={surface} label="Surface as proposed" />
        </p>
        {published.map((one) => (
          <p key={`${one.policy.id} ${one.at.getTime()}`} className="text-ok text-sm">
            {one.by} published {one.created ? "it as" : "rules of it in"}{" "}
            <Link
              href={`/policies/${one.policy.id}`}
              className="inline-flex min-h-6 items-center underline underline-offset-4"
            >
              {one.policy.name}
            </Link>{" "}
            <Time value={one.at} />.
          </p>
        ))}
      </header>
      {apart === null ? null : (
        <ApartNotice why={apart} wanted={wanted} {...(decide === null ? {} : { onChange: decide.want })} />
      )}
      {wanted || decide === null ? (
        <>
          <Rules
            {...props}
            title="Recurring"
            explanation="Seen often enough and harmless enough to be allowed."
            rules={numbered.filter(({ proposed }) => proposed.risks.length === 0)}
          />
          <Rules
            {...props}
            title="Set apart"
            explanation="Rare or risky: proposed as a review, each with its reason."
            rules={numbered.filter(({ proposed }) => proposed.risks.length > 0)}
          />
          {leftOut.length === 0 ? null : (
            <div className="flex flex-col gap-2">
              <h3 className="font-semibold text-sm">No rule proposed</h3>
              <LeftOutList leftOut={leftOut} />
            </div>
          )}
          {decide === null ? null : (
            <div className="sticky bottom-0 z-10 -mx-4 -mb-4 flex flex-wrap items-center justify-between gap-3 rounded-b-lg border-t bg-surface px-4 py-3">
              <ReviewTotalBar total={total} surface={taken} />
              <span className="flex flex-wrap gap-2">
                {decide.existing.length === 0 ? null : (
                  <Menu trigger={<Button>Add to a policy</Button>}>
                    <MenuGroup label="Policies that bind the same identity">
                      {decide.existing.map((one) => (
                        <MenuLink key={one.id} href={one.href}>
                          {one.name}
                        </MenuLink>
                      ))}
                    </MenuGroup>
                  </Menu>
                )}
                <Link href={decide.newHref} className={buttonStyles({ variant: "primary" })}>
                  Open in the editor
                </Link>
              </span>
            </div>
          )}
        </>
      ) : null}
    </section>
  );
}

function Rules({
  title,
  explanation,
  rules,
  index,
  review,
  open,
  evidence,
  onToggle,
  decide,
}: PolicyProposalProps & {
  readonly title: string;
  readonly explanation: string;
  readonly rules: readonly { readonly proposed: ProposedPolicy["rules"][number]; readonly at: number }[];
}) {
  if (rules.length === 0) return null;
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <div>
        <h3 className="font-semibold text-sm">
          {title} <span className="font-normal text-faint tabular-nums">{rules.length}</span>
        </h3>
        <p className="text-faint text-xs">{explanation}</p>
      </div>
      <ul aria-label={title} className="flex min-w-0 flex-col gap-2">
        {rules.map(({ proposed, at }) => {
          const key = `${index}:${at}`;
          return (
            <ProposedRuleCard
              key={key}
              cardKey={key}
              proposed={proposed}
              at={at}
              review={review}
              open={open.has(key)}
              evidence={evidence}
              onToggle={() => onToggle(key)}
              decide={
                decide === null
                  ? null
                  : {
                      choose: (choice) => decide.choose(at, choice),
                      edit: () => decide.edit(at),
                      undoEdit: () => decide.undoEdit(at),
                    }
              }
            />
          );
        })}
      </ul>
    </div>
  );
}
