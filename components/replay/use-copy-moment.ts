"use client";

import { toast } from "@/components/ui/toaster";
import { replayHref } from "@/lib/recordings/timeline/address";
import { endOf } from "@/lib/recordings/timeline/moment";
import { stopwatch } from "@/lib/recordings/timeline/words";
import { useReplay } from "./use-player";

/** Copies a link to where the playhead is: to the statement when its answer is complete, else to the moment. */
export function useCopyMoment(): () => void {
  const { replay, player } = useReplay();
  return () => {
    const { us, index } = player.state();
    const statement = replay.statements[index];
    const whole = statement !== undefined && us === endOf(statement);
    const href = replayHref(replay.session.id, whole ? { statementId: statement.id } : { us });
    void navigator.clipboard
      .writeText(`${window.location.origin}${href}`)
      .then(() => toast.success(`Link to ${whole ? `statement ${statement.sequence}` : stopwatch(us)} copied`));
  };
}
