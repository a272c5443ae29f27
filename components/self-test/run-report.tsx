import { Download } from "lucide-react";
import Link from "next/link";
import { buttonStyles } from "@/components/ui/button";
import { Card, Facts } from "@/components/ui/card";
import { CopyId } from "@/components/ui/copy-button";
import { Time } from "@/components/ui/time";
import { FAMILY_LABELS } from "@/lib/self-test/labels";
import { ATTACK_OUTCOMES, type AttackResult, type SelfTestResult } from "@/lib/self-test/model";
import type { SelfTestReport } from "@/lib/self-test/read-self-tests";
import { AttackList } from "./attack-list";
import { AttackOutcomeBadge } from "./attack-outcome-badge";

/** One finished run: the score, what got through first, and everything that was tried. */
export function RunReport({ report, exports }: { readonly report: SelfTestReport; readonly exports: boolean }) {
  const { id, result, since } = report;
  const of = (...outcomes: readonly AttackResult["outcome"][]) =>
    result.attacks.filter((one) => outcomes.includes(one.outcome));
  const failed = of("failed");
  const warned = of("setting");
  const untried = of("untried");
  return (
    <>
      <Card
        title={
          <>
            Result of <Time value={result.startedAt} mode="both" />
          </>
        }
        actions={
          exports ? (
            <span className="flex gap-2">
              {(["json", "csv"] as const).map((format) => (
                <a
                  key={format}
                  href={`/api/self-tests/${id}/export?format=${format}`}
                  download
                  className={buttonStyles({ size: "sm" })}
                >
                  <Download aria-hidden />
                  {format.toUpperCase()}
                </a>
              ))}
            </span>
          ) : null
        }
      >
        <div className="grid gap-6 md:grid-cols-[auto_1fr]">
          <Score result={result} />
          <Facts
            items={[
              { key: "who", name: "Policies of", value: identityText(result.identity) },
              { key: "policies", name: "In force", value: result.policies.join(", ") },
              { key: "sent", name: "Sent as", value: result.sentAs.name },
              { key: "by", name: "Started by", value: result.startedBy },
              {
                key: "revision",
                name: "Revision",
                value:
                  result.revision === null ? (
                    "none published"
                  ) : (
                    <Link
                      href={`/policies/history/${result.revision}`}
                      prefetch={false}
                      className="text-accent-text underline-offset-4 hover:underline"
                    >
                      r{result.revision}
                    </Link>
                  ),
              },
              { key: "catalogue", name: "Schema", value: <CopyId value={result.catalogueHash} /> },
              { key: "gateway", name: "Gateway", value: `${result.gateway.version}, ${result.gateway.id}` },
            ]}
          />
        </div>
        <p className="mt-4 flex flex-wrap gap-1.5">
          {ATTACK_OUTCOMES.filter((one) => result.counts[one] > 0).map((one) => (
            <AttackOutcomeBadge key={one} outcome={one} count={result.counts[one]} />
          ))}
        </p>
        {result.leftOut === 0 ? null : (
          <p className="mt-2 text-muted text-xs">
            {result.leftOut} more attacks of the same kinds, on other columns, were left out: a run has at most 400.
          </p>
        )}
        {since === null ? null : (
          <p className="mt-2 text-muted text-sm">
            Since the run of <Time value={since.at} mode="absolute" />:{" "}
            {since.newlyFailing.length === 0
              ? "nothing newly gets through"
              : `${since.newlyFailing.length} newly get through`}
            , {since.mended.length} mended.
          </p>
        )}
      </Card>
      <Families result={result} />
      {failed.length === 0 ? null : (
        <AttackList
          title="Got through"
          description="Each of these works, and nothing says that it should."
          attacks={failed}
          newly={since?.newlyFailing ?? []}
          open
        />
      )}
      {warned.length === 0 ? null : (
        <AttackList
          title="Allowed by setting"
          description="The gateway does as it was told. Look whether that is what you want."
          attacks={warned}
          newly={since?.newlyFailing ?? []}
          open
        />
      )}
      {untried.length === 0 ? null : (
        <AttackList title="Not tried" description="They count against the score." attacks={untried} newly={[]} />
      )}
      {since === null || since.mended.length === 0 ? null : (
        <AttackList title="Mended" description="Got through in the run before." attacks={since.mended} newly={[]} />
      )}
      <AttackList
        title="Stopped or harmless"
        description="Refused, or answered with nothing hidden in the answer."
        attacks={of("stopped", "harmless")}
        newly={[]}
      />
    </>
  );
}

function Score({ result: { score, counts, attacks } }: { readonly result: SelfTestResult }) {
  const tone = counts.failed > 0 ? "text-danger" : counts.setting + counts.untried > 0 ? "text-warn" : "text-ok";
  return (
    <div>
      <p className="text-faint text-xs">Score</p>
      <p className={`font-semibold text-4xl tabular-nums ${tone}`}>{score} %</p>
      <p className="text-muted text-xs">
        {counts.stopped + counts.harmless} of {attacks.length} attacks got nothing
      </p>
    </div>
  );
}

function Families({ result }: { readonly result: SelfTestResult }) {
  return (
    <Card title="By what was tried">
      <ul className="grid gap-x-6 gap-y-3 sm:grid-cols-2">
        {result.families.map(({ family, attacks, held }) => (
          <li key={family} className="text-sm">
            <p className="flex justify-between gap-2">
              <span className="font-medium">{FAMILY_LABELS[family].label}</span>
              <span className={held === attacks ? "text-ok tabular-nums" : "text-warn tabular-nums"}>
                {held} of {attacks}
              </span>
            </p>
            <p className="text-muted text-xs">{FAMILY_LABELS[family].tries}</p>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function identityText({ clientId, subject, groups, email }: SelfTestResult["identity"]): string {
  const parts = [
    clientId === null ? null : `client id ${clientId}`,
    email === null ? null : `e-mail ${email}`,
    subject === "" ? null : `subject ${subject}`,
    groups.length === 0 ? null : `group ${groups.join(", ")}`,
  ].filter((part) => part !== null);
  return parts.length === 0 ? "nobody in particular" : parts.join(", ");
}
