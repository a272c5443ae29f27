import type { PendingApproval } from "@/lib/approvals/list-pending";
import type { Settled } from "@/lib/approvals/what-became";
import type { Wire } from "@/lib/http/wire";

export type QueueRow = Wire<PendingApproval>;

/** One row as it stands in the list; `settled` ones are grey until they are cleared away. */
export interface ShownRow {
  readonly row: QueueRow;
  readonly settled: Settled | null;
}

/** What an open queue shows. Rows that are new while somebody points into the list wait in `fresh`. */
export interface QueueState {
  readonly shown: readonly ShownRow[];
  readonly fresh: readonly QueueRow[];
  readonly more: boolean;
  /** Of the console's clock to the browser's, in milliseconds. */
  readonly offset: number;
}

export interface QueueNews {
  readonly rows: readonly QueueRow[];
  readonly settled: readonly Settled[];
  readonly more: boolean;
  readonly now: Date | string;
}

export type QueueAction =
  /** `still`: nothing may move, somebody points at a row. */
  | { readonly do: "news"; readonly news: QueueNews; readonly still: boolean; readonly at: number }
  | { readonly do: "settle"; readonly settled: Settled }
  | { readonly do: "show-fresh" }
  | { readonly do: "clear-settled" };

export function startingQueue(rows: readonly QueueRow[], more: boolean): QueueState {
  return { shown: rows.map((row) => ({ row, settled: null })), fresh: [], more, offset: 0 };
}

const due = (row: QueueRow) => new Date(row.deadline).getTime();

function sorted(shown: readonly ShownRow[]): ShownRow[] {
  return shown.toSorted((a, b) => due(a.row) - due(b.row) || (a.row.id < b.row.id ? -1 : 1));
}

function withoutSettled(state: QueueState): QueueState {
  return { ...state, shown: state.shown.filter((one) => one.settled === null) };
}

/** Every change of the list; pure. Nothing in it moves unless the page says that nobody points at it. */
export function queueReducer(state: QueueState, action: QueueAction): QueueState {
  switch (action.do) {
    case "news": {
      const { rows, settled, more, now } = action.news;
      const current = new Map(rows.map((row) => [row.id, row]));
      const ended = new Map(settled.map((one) => [one.id, one]));
      const shown = state.shown.flatMap((one): ShownRow[] => {
        const row = current.get(one.row.id);
        // What a person settled here stays settled, whatever an answer that was under way says.
        if (one.settled !== null) return [one];
        if (row !== undefined) return [{ row, settled: null }];
        const end = ended.get(one.row.id);
        return end === undefined ? [] : [{ row: one.row, settled: end }];
      });
      const known = new Set(shown.map((one) => one.row.id));
      const fresh = rows.filter((row) => !known.has(row.id));
      const next = { shown, fresh, more, offset: new Date(now).getTime() - action.at };
      return action.still ? next : queueReducer(next, { do: "show-fresh" });
    }
    case "settle":
      return {
        ...state,
        shown: state.shown.map((one) => (one.row.id === action.settled.id ? { ...one, settled: action.settled } : one)),
      };
    case "show-fresh": {
      const added = state.fresh.map((row) => ({ row, settled: null }));
      return { ...state, shown: sorted([...state.shown, ...added]), fresh: [] };
    }
    case "clear-settled":
      return withoutSettled(state);
    default:
      return action satisfies never;
  }
}
