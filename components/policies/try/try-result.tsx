"use client";

import { CircleCheck, CircleMinus, Target } from "lucide-react";
import type { ReactNode } from "react";
import { MaskingFacts } from "@/components/masks/masking-facts";
import { Badge } from "@/components/ui/badge";
import { Facts } from "@/components/ui/card";
import { SqlText } from "@/components/ui/code-block";
import type { AnalysisFacts, RuleFacts, StatementFacts } from "@/lib/policy/simulation";
import { EffectBadge } from "../effect-badge";
import type { Trial } from "./use-trial";

/** What a statement would meet, and why. */
export function TryResult({ answer }: { readonly answer: NonNullable<Trial["answer"]> }) {
  const { result, policies, connection } = answer;
  const refused = result.kind === "decided" && result.verdict.effect !== "deny" && result.masking?.refusal != null;
  return (
    <div className="flex min-w-0 flex-col gap-4">
      {policies.length === 0 ? (
        <p className="rounded-md bg-warn-soft px-3 py-2 text-sm text-warn">
          No policy binds this identity to {connection.name}: it can not even log in.
        </p>
      ) : null}
      {result.kind === "not_understood" ? (
        <div className="flex flex-col gap-1.5">
          <p className="flex flex-wrap items-center gap-2">
            <EffectBadge effect="deny" />
            <span className="font-medium">Not understood</span>
            <code className="font-mono text-faint text-xs">{result.code}</code>
          </p>
          <p className="break-words text-sm">
            {result.position === null ? "" : `Line ${result.position.line}, character ${result.position.column}: `}
            {result.message}.
          </p>
          <p className="text-faint text-xs">What can not be read with certainty is refused, whatever the rules say.</p>
        </div>
      ) : (
        <>
          <div className="flex flex-col gap-1.5">
            {refused ? (
              <p className="flex flex-wrap items-center gap-2">
                <EffectBadge effect="deny" />
                <span className="font-medium">Masks refuse it</span>
                <code className="font-mono text-faint text-xs">MASK_UNSAFE</code>
              </p>
            ) : null}
            <p className="flex flex-wrap items-center gap-2">
              {refused ? <span className="text-muted text-sm">The rules alone:</span> : null}
              <EffectBadge effect={result.verdict.effect} />
              <span className="min-w-0 break-words font-medium first-letter:uppercase">{result.verdict.reason}</span>
            </p>
            {result.nearest === null ? null : (
              <p className="break-words text-sm">
                <span className="text-muted">Closest: </span>
                {result.nearest}.
              </p>
            )}
            {connection.mode === "observe" ? (
              <p className="text-warn text-xs">
                {connection.name} only observes: the statement would run whatever the rules say, and the decision be
                recorded. Masks hold all the same.
              </p>
            ) : null}
          </div>
          {result.masking === null ? null : <MaskingFacts facts={result.masking} connection={connection.name} />}
          <RuleResults rules={result.rules} several={policies.length > 1} />
          <Reading statement={result.statement} />
        </>
      )}
    </div>
  );
}

function RuleResults({ rules, several }: { readonly rules: readonly RuleFacts[]; readonly several: boolean }) {
  if (rules.length === 0) return null;
  return (
    <section aria-labelledby="try-rules" className="flex flex-col gap-1">
      <h3 id="try-rules" className="font-medium text-sm">
        Each rule
      </h3>
      <ol className="flex flex-col">
        {rules.map((one) => (
          <li
            key={`${one.policy}/${one.rule}`}
            className="flex min-w-0 items-start gap-2 border-b py-1.5 last:border-b-0"
          >
            <RuleIcon rule={one} />
            <span className="flex min-w-0 flex-col">
              <span className="flex flex-wrap items-center gap-2">
                <span className="min-w-0 break-words font-medium">
                  {several ? `${one.policy}: ` : ""}
                  {one.rule}
                </span>
                <EffectBadge effect={one.effect} />
                <span className="text-muted text-xs">
                  {one.decided
                    ? "decides"
                    : one.matched
                      ? "matches too"
                      : one.effect === "deny"
                        ? "does not touch it"
                        : "does not match"}
                </span>
              </span>
              {(one.effect === "deny" ? [] : one.reasons).map((reason) => (
                <span key={reason} className="break-words text-muted text-xs">
                  {reason}
                </span>
              ))}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function RuleIcon({ rule }: { readonly rule: RuleFacts }) {
  if (rule.decided) return <Target aria-hidden className="mt-0.5 size-4 shrink-0 text-accent-text" />;
  if (rule.matched) return <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-muted" />;
  return <CircleMinus aria-hidden className="mt-0.5 size-4 shrink-0 text-faint" />;
}

/** How the statement was read. */
function Reading({ statement }: { readonly statement: StatementFacts }) {
  const { analysis } = statement;
  const items: { key: string; name: string; value: ReactNode }[] = [
    { key: "class", name: "Statement", value: statement.class.replaceAll("_", " ").toUpperCase() },
    {
      key: "template",
      name: "Template",
      value: (
        <code className="break-words font-mono text-xs">
          <SqlText sql={statement.template} />
        </code>
      ),
    },
    ...(statement.sentAs === null
      ? []
      : [
          {
            key: "sent",
            name: "Sent as",
            value: <code className="break-words font-mono text-xs">{statement.sentAs}</code>,
          },
        ]),
    ...(analysis === null ? [] : analysisItems(analysis)),
  ];
  return (
    <section aria-labelledby="try-reading" className="flex flex-col gap-2">
      <h3 id="try-reading" className="font-medium text-sm">
        How it was read
      </h3>
      <Facts items={items} />
      {analysis?.outputs == null || analysis.outputs.length === 0 ? null : <Outputs outputs={analysis.outputs} />}
    </section>
  );
}

function analysisItems(analysis: AnalysisFacts) {
  const { tables, reads, writes, functions, limit } = analysis;
  const unknown = functions.filter((one) => !one.known);
  return [
    {
      key: "tables",
      name: "Tables",
      value:
        tables.length === 0 ? (
          "none"
        ) : (
          <ul>
            {tables.map((one, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a table may stand there twice, and the list is never reordered
              <li key={at} className="break-words">
                <code className="font-mono text-xs">{one.name}</code>{" "}
                <span className="text-muted text-xs">
                  {one.access === "ddl" ? "defined" : one.access === "write" ? "written" : "read"}
                  {one.kind === "view" ? ", a view" : ""}
                  {one.via === null ? "" : `, through ${one.via}`}
                  {one.pinned.length === 0 ? "" : `, pinned: ${one.pinned.join(", ")}`}
                </span>
              </li>
            ))}
          </ul>
        ),
    },
    ...(reads.length === 0 ? [] : [{ key: "reads", name: "Reads", value: <Names names={reads} /> }]),
    ...(writes.length === 0 ? [] : [{ key: "writes", name: "Writes", value: <Names names={writes} /> }]),
    ...(unknown.length === 0
      ? []
      : [{ key: "functions", name: "Calls", value: <Names names={unknown.map((one) => one.name)} /> }]),
    {
      key: "limit",
      name: "Rows at most",
      value: limit.rows === null ? (limit.present ? "a value that is not known yet" : "no LIMIT") : limit.rows,
    },
  ];
}

function Names({ names }: { readonly names: readonly string[] }) {
  return <code className="break-words font-mono text-xs">{names.join(", ")}</code>;
}

const FLOWS = { direct: "as it is", derived: "computed from", constant: "no column" } as const;

function Outputs({ outputs }: { readonly outputs: NonNullable<AnalysisFacts["outputs"]> }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard (axe: scrollable-region-focusable)
    <section aria-label="Result columns" tabIndex={0} className="max-h-72 overflow-auto rounded-md border">
      <table className="w-full text-xs">
        <thead>
          <tr className="border-b text-left text-faint">
            <th scope="col" className="px-2 py-1 font-medium">
              Result column
            </th>
            <th scope="col" className="px-2 py-1 font-medium">
              Comes from
            </th>
          </tr>
        </thead>
        <tbody>
          {outputs.map((one, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: result columns are known by their position
            <tr key={at} className="border-b align-top last:border-b-0">
              <td className="px-2 py-1 font-mono">{one.name ?? `column ${at + 1}`}</td>
              <td className="px-2 py-1">
                <Badge tone={one.flow === "direct" ? "info" : "neutral"}>{FLOWS[one.flow]}</Badge>{" "}
                <code className="break-words font-mono">{one.columns.join(", ")}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
