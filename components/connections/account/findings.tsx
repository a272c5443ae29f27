import { CircleAlert, CircleCheck, Info, OctagonAlert, TriangleAlert } from "lucide-react";
import { Badge, type Tone } from "@/components/ui/badge";
import { Card } from "@/components/ui/card";
import { Table, TableCell, TableHead, TableRow } from "@/components/ui/table";
import { DANGER_LABELS, type DangerLevel } from "@/lib/connections/account/dangers";
import type { ExcessItem, LackItem } from "@/lib/connections/account/excess";
import type { AccountGrants, GrantSource } from "@/lib/connections/account/grants";
import { describeScope } from "@/lib/connections/account/scope-text";

const LOOK: Readonly<Record<DangerLevel, { readonly tone: Tone; readonly icon: typeof CircleAlert }>> = {
  critical: { tone: "danger", icon: OctagonAlert },
  high: { tone: "danger", icon: CircleAlert },
  medium: { tone: "warn", icon: TriangleAlert },
  low: { tone: "neutral", icon: Info },
};

function sourceText(source: GrantSource): string | null {
  switch (source.kind) {
    case "account":
      return null;
    case "role":
      return source.active ? `through role ${source.role}` : `through role ${source.role}, not active at login`;
    case "public":
      return "through PUBLIC, as everybody";
    default:
      return source satisfies never;
  }
}

/** What the account has and no policy can need, worst first. */
export function ExcessCard({
  excess,
  maskedNeeded,
}: {
  readonly excess: readonly ExcessItem[];
  readonly maskedNeeded: readonly string[];
}) {
  return (
    <Card
      title="More than needed"
      description="Who learns this account's password, or finds a way past the gateway, can do this."
      flush
    >
      {excess.length === 0 ? (
        <p className="flex items-center gap-2 p-4 text-sm">
          <CircleCheck aria-hidden className="size-4 text-ok" />
          Nothing: the account may do what rules can need, and no more.
        </p>
      ) : (
        <div className="max-h-[28rem] overflow-y-auto">
          <Table aria-label="Privileges beyond the need">
            <thead>
              <tr>
                <TableHead>Danger</TableHead>
                <TableHead>Privilege</TableHead>
                <TableHead>Where</TableHead>
                <TableHead>What it opens</TableHead>
              </tr>
            </thead>
            <tbody>
              {excess.map((one) => (
                <ExcessRow key={`${one.kind} ${one.what} ${one.where} ${sourceText(one.source) ?? ""}`} one={one} />
              ))}
            </tbody>
          </Table>
        </div>
      )}
      {maskedNeeded.length === 0 ? null : (
        <p className="border-t p-4 text-muted text-sm">
          Needed, and worth knowing: rules let{" "}
          {maskedNeeded.length === 1 ? "this masked column" : "these masked columns"} be read, so the account reads{" "}
          {maskedNeeded.length === 1 ? "it" : "them"} unmasked:{" "}
          <span className="break-words font-mono text-xs">{maskedNeeded.join(", ")}</span>.
        </p>
      )}
    </Card>
  );
}

function ExcessRow({ one }: { readonly one: ExcessItem }) {
  const { tone, icon: Icon } = LOOK[one.level];
  const through = sourceText(one.source);
  return (
    <TableRow>
      <TableCell>
        <Badge tone={tone}>
          <Icon aria-hidden />
          {DANGER_LABELS[one.level]}
        </Badge>
      </TableCell>
      <TableCell className="font-mono text-xs">{one.what}</TableCell>
      <TableCell className="whitespace-nowrap font-mono text-xs">{one.where}</TableCell>
      <TableCell className="min-w-64">
        The account {one.words}.{through === null ? null : <span className="text-faint"> It has this {through}.</span>}
      </TableCell>
    </TableRow>
  );
}

/** What rules let pass and the database will refuse. */
export function LacksCard({ lacks }: { readonly lacks: readonly LackItem[] }) {
  return (
    <Card
      title="Missing"
      description="Rules let these pass, and the database refuses them: agents see its error."
      flush
    >
      <div className="max-h-96 overflow-y-auto">
        <Table aria-label="Missing privileges">
          <thead>
            <tr>
              <TableHead>Privilege</TableHead>
              <TableHead>Where</TableHead>
              <TableHead>Needed by</TableHead>
            </tr>
          </thead>
          <tbody>
            {lacks.map((one) => (
              <TableRow key={`${one.what} ${one.where}`}>
                <TableCell className="font-mono text-xs">{one.what}</TableCell>
                <TableCell className="whitespace-nowrap font-mono text-xs">{one.where}</TableCell>
                <TableCell className="min-w-48">{one.because.join("; ")}</TableCell>
              </TableRow>
            ))}
          </tbody>
        </Table>
      </div>
    </Card>
  );
}

/** What to know before the account is narrowed, and what could not be read of it. */
export function NotesCard({
  notes,
  unread,
  unreadable,
}: {
  readonly notes: readonly string[];
  readonly unread: readonly string[];
  /** Policies. */
  readonly unreadable: readonly string[];
}) {
  if (notes.length + unread.length + unreadable.length === 0) return null;
  return (
    <Card title="Good to know" description="What narrowing the account changes, and what grants can not say.">
      <ul className="flex list-disc flex-col gap-1.5 pl-5 text-sm">
        {unreadable.map((name) => (
          <li key={name}>
            The stored policy {name} can not be read by this version: it denies everything, and nothing is granted for
            it.
          </li>
        ))}
        {unread.map((line) => (
          <li key={line}>
            Not understood, so look at it at the server: <span className="break-all font-mono text-xs">{line}</span>
          </li>
        ))}
        {notes.map((note) => (
          <li key={note} className="break-words">
            {note}
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** All that was read. */
export function GrantsCard({ grants }: { readonly grants: AccountGrants }) {
  const rows = [
    ...grants.held.map((one) => ({ one, verb: "has" })),
    ...grants.withheld.map((one) => ({ one, verb: "not there (partial revoke)" })),
  ];
  return (
    <Card title="What it has now" description={summary(grants)} flush>
      <div className="max-h-96 overflow-y-auto">
        <Table aria-label="Current grants">
          <thead>
            <tr>
              <TableHead>Privilege</TableHead>
              <TableHead>Where</TableHead>
              <TableHead>From</TableHead>
            </tr>
          </thead>
          <tbody>
            {rows.length === 0 ? (
              <TableRow>
                <TableCell colSpan={3}>It may log in and nothing else.</TableCell>
              </TableRow>
            ) : (
              rows.map(({ one, verb }) => (
                <TableRow key={JSON.stringify([verb, one])}>
                  <TableCell className="font-mono text-xs">
                    {one.privilege}
                    {one.columns === null ? "" : ` (${one.columns.join(", ")})`}
                  </TableCell>
                  <TableCell className="whitespace-nowrap font-mono text-xs">{describeScope(one.scope)}</TableCell>
                  <TableCell>{verb === "has" ? (sourceText(one.source) ?? "its own") : verb}</TableCell>
                </TableRow>
              ))
            )}
          </tbody>
        </Table>
      </div>
    </Card>
  );
}

function summary({ roles, proxies }: AccountGrants): string {
  const parts = ["As SHOW GRANTS tells it."];
  if (roles.length > 0) parts.push(`Roles: ${roles.map((one) => one.name).join(", ")}.`);
  if (proxies.length > 0) parts.push(`It may act as ${proxies.join(", ")}.`);
  return parts.join(" ");
}
