import { EmptyState } from "@/components/ui/empty-state";
import type { BindingSuggestion } from "@/lib/policy/suggest-bindings";
import type { SelfTestHead, SelfTestReport } from "@/lib/self-test/read-self-tests";
import type { Attacked, AttackedSuggestions } from "@/lib/self-test/suggest-attacked";
import { RunList } from "./run-list";
import { RunReport } from "./run-report";
import { StartTest } from "./start-test";

/** The self-tests of a connection: what one does, the report of the chosen run, and all runs by date. */
export function SelfTestPage({
  connection,
  list,
  report,
  chosen,
  first,
  seen,
  suggestions,
  runs,
  exports,
}: {
  readonly connection: string;
  readonly list: readonly SelfTestHead[];
  readonly report: SelfTestReport | null;
  /** The run that the address or its date chooses. */
  readonly chosen: string | null;
  /** Whom a test attacks the policies of when nobody is chosen. */
  readonly first: Attacked | null;
  readonly seen: AttackedSuggestions["seen"];
  readonly suggestions: readonly BindingSuggestion[];
  /** This person may start and cancel tests. */
  readonly runs: boolean;
  readonly exports: boolean;
}) {
  const active = list.find((one) => one.state === "queued" || one.state === "running") ?? null;
  return (
    <div className="flex max-w-5xl flex-col gap-4">
      <StartTest
        connection={connection}
        first={first}
        seen={seen}
        suggestions={suggestions}
        runs={runs}
        active={active}
      />
      {report === null && active !== null ? null : report === null ? (
        <EmptyState kind="first-use" title="No finished self-test yet">
          {runs
            ? "Run one: it takes a minute or two, changes nothing, and is kept as evidence."
            : "An admin can run one. Its result is kept here as evidence."}
        </EmptyState>
      ) : (
        <RunReport report={report} exports={exports} />
      )}
      {list.length === 0 ? null : <RunList connection={connection} list={list} chosen={chosen} />}
    </div>
  );
}
