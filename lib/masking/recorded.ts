import type { MaskMethodName } from "./mask";

/** What a statement's record tells of masks; columns as `schema.table.column`. */
export interface RecordedMasking {
  /** Result columns that were hidden, by position from 0; `name` is null where only the server knows it. */
  readonly outputs: readonly {
    readonly position: number;
    readonly name: string | null;
    readonly columns: readonly string[];
    readonly method: MaskMethodName;
  }[];
  /** Masked columns that the client saw or used in clear, by the groups that exempt it. */
  readonly exempt: readonly { readonly column: string; readonly groups: readonly string[] }[];
}
