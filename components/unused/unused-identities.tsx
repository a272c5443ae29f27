import Link from "next/link";
import { Card } from "@/components/ui/card";
import { formatCount } from "@/components/ui/format-quantity";
import { Time } from "@/components/ui/time";
import type { IdentityUse, UnusedResult } from "@/lib/policy/unused/model";
import { UnusedNames } from "./unused-names";

/** What each identity is granted and has not used itself. */
export function UnusedIdentities({ identities }: { readonly identities: readonly IdentityUse[] }) {
  return (
    <Card title="By identity" description="What each of them is granted, and has not used itself.">
      <ul className="flex flex-col divide-y">
        {identities.map((one) => (
          <li key={one.id} className="flex flex-col gap-2 py-3 first:pt-0 last:pb-0">
            <p className="text-sm">
              <Link href={`/identities/${one.id}`} className="font-medium underline-offset-4 hover:underline">
                {one.name}
              </Link>
              <span className="text-faint">
                {" "}
                {formatCount(one.statements)} statements
                {one.lastAt === null ? null : (
                  <>
                    , last <Time value={one.lastAt} />
                  </>
                )}
              </span>
            </p>
            <ul className="flex flex-col gap-2">
              {one.grants.map((grant) => (
                <li key={`${grant.policy} ${grant.rule}`} className="grid gap-1 sm:grid-cols-[14rem_1fr]">
                  <span className="text-muted text-sm">
                    {grant.policy}: {grant.rule}
                  </span>
                  {grant.unused === null ? (
                    <span className={grant.statements === 0 ? "text-sm text-warn" : "text-muted text-sm"}>
                      {grant.statements === 0 ? "The whole rule" : "Nothing by name"}
                    </span>
                  ) : (
                    <UnusedNames unused={grant.unused} />
                  )}
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** Who could come and did not. */
export function IdleIdentities({ idle, neverSeen }: Pick<UnusedResult, "idle" | "neverSeen">) {
  if (idle.length + neverSeen.length === 0) return null;
  return (
    <Card
      title="Nobody came"
      description="A policy lets them in, and no rule let a statement of theirs pass in this time."
    >
      <ul className="flex flex-col gap-1 text-sm">
        {idle.map((one) => (
          <li key={one.id}>
            <Link href={`/identities/${one.id}`} className="font-medium underline-offset-4 hover:underline">
              {one.name}
            </Link>
            <span className="text-faint">
              , last seen <Time value={one.lastSeenAt} />
            </span>
          </li>
        ))}
        {neverSeen.map((one) => (
          <li key={`${one.policy} ${one.binding}`}>
            <span className="font-mono text-xs">{one.binding}</span>
            <span className="text-faint"> of {one.policy}: never seen</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
