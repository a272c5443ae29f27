import Link from "next/link";
import { Time } from "@/components/ui/time";
import type { BudgetMeter } from "@/lib/budgets/list-uses";
import { measureWords } from "@/lib/policy/budget-words";
import { MeterBar } from "./meter-bar";

const capital = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
const link = "inline-flex min-h-6 items-center text-accent-text underline underline-offset-4";

/** Budgets with how full they are. `of`: what the page is about already; the other side is named and linked. */
export function MeterList({
  meters,
  more,
  of,
  links,
}: {
  readonly meters: readonly BudgetMeter[];
  readonly more: boolean;
  readonly of: "policy" | "identity";
  /** The viewer may open the other side's page. */
  readonly links: boolean;
}) {
  return (
    <div className="flex flex-col gap-2">
      <ul className="flex flex-col divide-y">
        {meters.map((meter) => {
          const { policy, identity, measure, per } = meter;
          const [name, href] =
            of === "policy" ? [identity.name, `/identities/${identity.id}`] : [policy.name, `/policies/${policy.id}`];
          const what = `${capital(measureWords(measure))} per ${per}`;
          return (
            <li
              key={`${policy.id} ${identity.id} ${measure} ${per}`}
              className="grid min-w-0 items-center gap-x-4 gap-y-1 py-2.5 first:pt-0 last:pb-0 sm:grid-cols-[minmax(0,1fr)_minmax(0,1.4fr)_8rem]"
            >
              <span className="flex min-w-0 flex-col">
                {links ? (
                  <Link href={href} className={link}>
                    <span className="truncate">{name}</span>
                  </Link>
                ) : (
                  <span className="truncate">{name}</span>
                )}
                <span className="text-muted text-xs">
                  {what}
                  {of === "identity" ? ` on ${policy.connection}` : ""}
                </span>
              </span>
              <MeterBar budget={meter} enforced={meter.enforced} used={meter.used} label={`${what}, ${name}`} />
              <span className="text-faint text-xs sm:text-right">
                resets <Time value={meter.resetsAt} />
              </span>
            </li>
          );
        })}
      </ul>
      {more ? <p className="text-faint text-xs">There are more; the fullest are shown.</p> : null}
    </div>
  );
}
