import type { ColumnMask, ColumnShape } from "@/lib/masking/cell";
import type { ResultPlan } from "@/lib/masking/result-plan";
import { type ColumnDefinition, fixedFieldsAt, readColumnDefinition } from "../protocol/column-definition";
import type { DefinitionBlock } from "../protocol/definition-block";
import { FRAME_HEADER, payloadLength } from "../protocol/frame";
import { type Disagreement, disagreementOf } from "./check-definitions";
import { type CellMaskMaker, type MaskedColumns, maskedColumns } from "./masked-columns";

/** The definitions of one result, checked. */
export interface CheckedDefinitions {
  /** Packets to send in place of the server's; null: those themselves. */
  readonly rewritten: Buffer | null;
  /** Null when nothing is masked. */
  readonly columns: MaskedColumns | null;
}

const WHOLE: ColumnMask = { method: "redact", options: {} };

interface Kept extends CheckedDefinitions {
  readonly make: CellMaskMaker;
  readonly packets: Buffer;
}

/** The last definitions of each plan, of results and of prepared statements: most are the same as the time before. */
const results = new WeakMap<ResultPlan, Kept>();
const prepares = new WeakMap<ResultPlan, Kept>();

/** Checks the column definitions of a block against the plan and masks them. Throws MalformedPacket. */
export function checkDefinitions(
  plan: ResultPlan,
  make: CellMaskMaker,
  bytes: Buffer,
  { columnsAt, columnsEnd, prepared }: DefinitionBlock,
): CheckedDefinitions | Disagreement {
  const cache = prepared === null ? results : prepares;
  const kept = cache.get(plan);
  if (kept !== undefined && kept.make === make && kept.packets.compare(bytes, columnsAt, columnsEnd) === 0) {
    return kept;
  }
  const packets = Buffer.from(bytes.subarray(columnsAt, columnsEnd));
  const definitions = readDefinitions(packets);
  const disagreement = disagreementOf(plan, definitions);
  if (disagreement !== null) {
    return disagreement;
  }
  const masks = definitions.map(({ name }, index) =>
    plan.hidesNamed?.(name) === true ? WHOLE : (plan.outputs?.[index]?.mask ?? null),
  );
  const columns = maskedColumns(masks, definitions, make);
  const checked: Kept = { make, packets, columns, rewritten: columns === null ? null : rewritten(packets, columns) };
  cache.set(plan, checked);
  return checked;
}

/** The definitions in a run of packets. */
export function readDefinitions(packets: Buffer): ColumnDefinition[] {
  const definitions: ColumnDefinition[] = [];
  for (let at = 0; at < packets.length; at += FRAME_HEADER + payloadLength(packets, at)) {
    definitions.push(readColumnDefinition(payloadAt(packets, at)));
  }
  return definitions;
}

function payloadAt(packets: Buffer, at: number): Buffer {
  return packets.subarray(at + FRAME_HEADER, at + FRAME_HEADER + payloadLength(packets, at));
}

/** The same packets with the shapes that masks give; they keep their length. */
function rewritten(packets: Buffer, { cells }: MaskedColumns): Buffer {
  const copy = Buffer.from(packets);
  let at = 0;
  for (const cell of cells) {
    if (cell !== null) {
      writeShape(payloadAt(copy, at), cell.mask.shape);
    }
    at += FRAME_HEADER + payloadLength(copy, at);
  }
  return copy;
}

function writeShape(payload: Buffer, { type, flags, collation, length, decimals }: ColumnShape): void {
  const at = fixedFieldsAt(payload);
  payload.writeUInt16LE(collation, at);
  payload.writeUInt32LE(length, at + 2);
  payload[at + 6] = type;
  payload.writeUInt16LE(flags, at + 7);
  payload[at + 9] = decimals;
}
