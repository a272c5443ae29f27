import { quoteName, quoteTable } from "@/lib/connections/restricted/names";
import { compileMasks } from "@/lib/masking/mask-set";
import { typeFamily } from "@/lib/masking/suggest/type-family";
import { columnText } from "./attack";
import type { AttackedWorld } from "./world";

/** A column that rules want pinned, and how one value of it is read. */
export interface PinnedColumn {
  /** `schema.table.column` */
  readonly column: string;
  readonly sql: string;
  /** The value as SQL; null for one that attacks had better not hold. */
  literal(value: string): string | null;
}

const PLAIN = /^[\p{L}\p{N} _.:@+-]{1,64}$/u;

/** Columns that some rule wants pinned. A masked one is left out: its values belong into no statement. */
export function pinnedColumns({ catalogue, masks, identity, set }: AttackedWorld): readonly PinnedColumn[] {
  const masked = compileMasks(masks, identity.groups);
  return catalogue.snapshot.tables.flatMap((table) =>
    table.columns.flatMap(({ name, dataType }): PinnedColumn[] => {
      const column = { schema: table.schema, table: table.name, column: name };
      const wanted = set.rules.some((rule) => rule.where.some((pattern) => pattern.matches(column)));
      if (!wanted || masked.configured(column) !== null) return [];
      const number = ["large-number", "small-number"].includes(typeFamily(dataType));
      return [
        {
          column: columnText(column),
          sql: `SELECT ${quoteName(name)} AS c0 FROM ${quoteTable(table)} WHERE ${quoteName(name)} IS NOT NULL LIMIT 1`,
          literal: (value) => {
            if (number) return /^-?\d{1,20}(\.\d{1,20})?$/.test(value) ? value : null;
            return PLAIN.test(value) ? `'${value}'` : null;
          },
        },
      ];
    }),
  );
}
