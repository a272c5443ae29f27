import { EmptyState } from "@/components/ui/empty-state";
import type { StatementReplay } from "@/lib/recordings/replay-model";

const WORDS: Readonly<
  Record<NonNullable<StatementReplay["missing"]>, { readonly title: string; readonly why: string }>
> = {
  none_recorded: {
    title: "Results were not recorded",
    why: "The connection recorded no results at that time. The statement, its decision and its figures are complete.",
  },
  expired: {
    title: "Removed by retention",
    why: "The recording was older than the connection keeps it. Its place in the chain remains, so the record can still be verified.",
  },
  before_recordings: {
    title: "From before there were recordings",
    why: "This session is older than the recorder. Its statements and decisions are all there is.",
  },
  not_here_yet: {
    title: "Not here yet",
    why: "The gateway has the answer and is about to bring it. It appears by itself.",
  },
  cut_off: {
    title: "Cut off",
    why: "The gateway died before it brought this part. What it had recorded by then appears once a gateway starts on its machine again.",
  },
  damaged: {
    title: "This part of the recording is damaged",
    why: "Its bytes do not match what was written. The integrity badge on top says which record is wrong.",
  },
};

/** An error as the statement's record has it, without what the client was sent. */
export function ErrorText({ error }: { readonly error: NonNullable<StatementReplay["error"]> }) {
  return (
    <p data-answer className="m-3 break-words rounded-md bg-danger-soft p-3 text-danger text-sm">
      Error {error.errno}: {error.message}
    </p>
  );
}

/** Why there is no answer to show; an error is known without a recording. */
export function MissingNote({
  missing,
  error,
}: {
  readonly missing: NonNullable<StatementReplay["missing"]>;
  readonly error: StatementReplay["error"];
}) {
  const { title, why } = WORDS[missing];
  return (
    <div>
      {error === null ? null : <ErrorText error={error} />}
      <EmptyState kind={missing === "damaged" ? "error" : "no-result"} title={title}>
        {why}
      </EmptyState>
    </div>
  );
}
