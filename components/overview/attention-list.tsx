import { ArrowRight, CircleCheck, TriangleAlert } from "lucide-react";
import Link from "next/link";
import { Countdown } from "@/components/approvals/countdown";
import type { Attention } from "@/lib/overview/attention";

/** What needs a person, each with where to go. */
export function AttentionList({ items }: { readonly items: readonly Attention[] }) {
  if (items.length === 0) {
    return (
      <p className="flex items-center gap-2 text-muted">
        <CircleCheck aria-hidden className="size-4 text-ok" />
        Nothing needs you right now.
      </p>
    );
  }
  return (
    <ul className="-my-1 flex flex-col">
      {items.map((item) => {
        const { text, href, action } = describe(item);
        return (
          <li key={text} className="flex min-h-9 flex-wrap items-center gap-x-2 border-b py-1 last:border-b-0">
            <TriangleAlert aria-hidden className={`size-4 shrink-0 ${isUrgent(item) ? "text-danger" : "text-warn"}`} />
            <span className="min-w-0 flex-1 break-words">{text}</span>
            {item.kind === "approval" ? <Countdown deadline={item.deadline} waiting={item.waiting} /> : null}
            <Link
              href={href}
              prefetch={false}
              className="inline-flex min-h-6 items-center gap-1 text-accent-text text-xs underline-offset-4 hover:underline"
            >
              {action}
              <ArrowRight aria-hidden className="size-3" />
            </Link>
          </li>
        );
      })}
    </ul>
  );
}

function isUrgent(item: Attention): boolean {
  if (item.kind === "approval") return item.waiting;
  return item.kind === "no-gateway" || item.kind === "gateway-lost" || item.kind === "connection-failing";
}

const plural = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`;

function describe(item: Attention): { readonly text: string; readonly href: string; readonly action: string } {
  switch (item.kind) {
    case "approval":
      return {
        text: `${item.identity} ${item.waiting ? "waits" : "asks"} for approval on ${item.connection}${
          item.others === 0 ? "" : `, and ${plural(item.others, "other", "others")}`
        }`,
        href: `/approvals/${item.id}`,
        action: "Decide",
      };
    case "no-gateway":
      return { text: "No gateway is running: clients can not connect", href: "/sessions", action: "Sessions" };
    case "gateway-lost":
      return {
        text: `${plural(item.count, "gateway was", "gateways were")} lost in the last hour; their sessions were cut`,
        href: "/sessions?reason=cut&range=1h",
        action: "Cut sessions",
      };
    case "refused":
      return {
        text: `${plural(item.count, "login was", "logins were")} refused in the last hour`,
        href: "/audit?result=refused&range=1h",
        action: "Why",
      };
    case "connection-failing":
      return {
        text: `The last test of ${item.name} failed at: ${item.step}`,
        href: `/connections/${item.name}`,
        action: "Connection",
      };
    case "connection-unbound":
      return {
        text: `Nobody may use ${item.name}: no policy binds anyone to it`,
        href: `/connections/${item.name}`,
        action: "Connection",
      };
    case "unreviewed-columns":
      return {
        text: `${plural(item.count, "unreviewed column", "unreviewed columns")} may hold sensitive values`,
        href: "/masks?show=unreviewed",
        action: "Masks",
      };
    case "suspended":
      return {
        text: `${plural(item.count, "identity is", "identities are")} suspended`,
        href: "/identities?status=suspended",
        action: "Identities",
      };
    default:
      return item satisfies never;
  }
}
