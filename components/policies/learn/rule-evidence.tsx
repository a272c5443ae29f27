import Link from "next/link";
import { SqlText } from "@/components/ui/code-block";
import { formatCount } from "@/components/ui/format-quantity";
import { Time } from "@/components/ui/time";
import { listWords } from "@/lib/policy/draft/describe-rule";
import type { LearnedTemplate, ProposedRule } from "@/lib/policy/suggest/model";
import { replayHref } from "@/lib/recordings/timeline/address";

const link = "inline-flex min-h-6 items-center text-accent-text underline underline-offset-4";

/** Where a rule comes from: what ran, how often, when, by whom, with examples to look at. */
export function RuleEvidence({
  proposed,
  connection,
  since,
  until,
}: {
  readonly proposed: ProposedRule;
  readonly connection: string;
  readonly since: string;
  readonly until: string;
}) {
  return (
    <div className="flex min-w-0 flex-col gap-3">
      <p className="text-muted text-xs">
        {times(proposed.statements)}, first <Time value={proposed.firstAt} mode="absolute" />, last{" "}
        <Time value={proposed.lastAt} mode="absolute" />, by {listWords(proposed.identities)}.
      </p>
      <ol className="flex min-w-0 flex-col gap-3">
        {proposed.templates.map((template) => (
          <TemplateEvidence
            key={template.templateHash}
            template={template}
            listHref={`/statements?${new URLSearchParams({ connection, template: template.templateHash, from: since, to: until })}`}
          />
        ))}
      </ol>
    </div>
  );
}

const times = (count: number) => (count === 1 ? "Once" : `${formatCount(count)} times`);

function TemplateEvidence({ template, listHref }: { readonly template: LearnedTemplate; readonly listHref: string }) {
  return (
    <li className="flex min-w-0 flex-col gap-1.5 border-l-2 pl-3">
      <code className="block min-w-0 whitespace-pre-wrap break-words font-mono text-xs leading-5">
        <SqlText sql={template.text} />
      </code>
      <p className="flex flex-wrap items-center gap-x-2 text-faint text-xs">
        <span>
          {times(template.statements)}, first <Time value={template.firstAt} mode="absolute" />, last{" "}
          <Time value={template.lastAt} />, by {listWords(template.identities)}.
        </span>
        <Link href={listHref} className={link}>
          All statements of this template
        </Link>
      </p>
      {template.examples.length === 0 ? null : (
        <ul aria-label="Examples" className="flex min-w-0 flex-col">
          {template.examples.map((example) => (
            <li key={example.statementId} className="flex min-w-0 flex-wrap items-center gap-x-3 text-xs">
              <code className="min-w-0 flex-1 basis-60 truncate font-mono" title={example.sql}>
                {example.sql}
              </code>
              <span className="flex shrink-0 items-center gap-3 text-faint">
                <Time value={example.at} />
                <Link href={replayHref(example.sessionId, { statementId: example.statementId })} className={link}>
                  Replay
                  <span className="sr-only"> of the statement at {example.at}</span>
                </Link>
                <Link href={`/statements/${example.statementId}`} className={link}>
                  Record
                  <span className="sr-only"> of the statement at {example.at}</span>
                </Link>
              </span>
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}
