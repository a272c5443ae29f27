import { Scissors } from "lucide-react";
import Link from "next/link";
import { EffectBadge } from "@/components/policies/effect-badge";
import { buttonStyles } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { formatCount } from "@/components/ui/format-quantity";
import { Table, TableCell, TableHead, TableRow } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import type { PolicyUse, RuleUse } from "@/lib/policy/unused/model";
import { UnusedNames } from "./unused-names";

/** A policy's rules with what nobody used of them; `narrowHref` leads to the editor with the policy that is left, null for who may not edit. */
export function UnusedPolicy({
  policy,
  narrowHref,
}: {
  readonly policy: PolicyUse;
  readonly narrowHref: string | null;
}) {
  return (
    <Card
      flush
      title={
        <Link href={`/policies/${policy.id}`} className="underline-offset-4 hover:underline">
          {policy.name}
        </Link>
      }
      description={
        policy.rules.length === 0
          ? "It has no rules, and grants nothing."
          : policy.narrowed === null
            ? "Everything that it grants by name is used, or kept for a reason."
            : undefined
      }
      actions={
        policy.narrowed !== null && narrowHref !== null ? (
          <Link href={narrowHref} className={buttonStyles({})}>
            <Scissors aria-hidden />
            Narrow in the editor
          </Link>
        ) : null
      }
    >
      {policy.rules.length === 0 ? null : <RuleTable policy={policy} />}
    </Card>
  );
}

function RuleTable({ policy }: { readonly policy: PolicyUse }) {
  return (
    <Table aria-label={`Rules of ${policy.name}`}>
      <thead>
        <tr>
          <TableHead>Rule</TableHead>
          <TableHead>Effect</TableHead>
          <TableHead className="text-right">Statements</TableHead>
          <TableHead>Last</TableHead>
          <TableHead>Not used</TableHead>
        </tr>
      </thead>
      <tbody>
        {policy.rules.map((rule) => (
          <TableRow key={rule.rule}>
            <TableCell className="font-medium">{rule.rule}</TableCell>
            <TableCell>
              <EffectBadge effect={rule.effect} />
            </TableCell>
            <TableCell className="text-right tabular-nums">{formatCount(rule.statements)}</TableCell>
            <TableCell>
              {rule.lastAt === null ? (
                <span className="text-faint">not in this time</span>
              ) : (
                <Time value={rule.lastAt} />
              )}
            </TableCell>
            <TableCell className="max-w-xl">
              <NotUsed rule={rule} />
            </TableCell>
          </TableRow>
        ))}
      </tbody>
    </Table>
  );
}

function NotUsed({ rule }: { readonly rule: RuleUse }) {
  return (
    <>
      {rule.unused !== null ? (
        <UnusedNames unused={rule.unused} />
      ) : rule.statements === 0 && rule.effect === "allow" ? (
        <span className="text-sm text-warn">The whole rule</span>
      ) : (
        <span className="text-faint text-sm">
          {rule.effect === "deny" ? "A denial grants nothing" : "Nothing by name"}
        </span>
      )}
      {rule.kept === null ? null : <p className="text-faint text-xs">Stays: {rule.kept}.</p>}
    </>
  );
}
