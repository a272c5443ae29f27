import type { TokenKeys } from "@/lib/masking/cell";
import { cellMask } from "@/lib/masking/cell-mask";
import type { CellMaskMaker } from "./masked-columns";

/** Makes masks ready for the results of each connection, with that connection's tokens; one maker per connection for all of its sessions. */
export function cellMasksBy(tokens: (connectionId: string) => TokenKeys): (connectionId: string) => CellMaskMaker {
  const known = new Map<string, CellMaskMaker>();
  return (connectionId) => {
    const kept = known.get(connectionId);
    if (kept !== undefined) return kept;
    const keys = tokens(connectionId);
    const maker: CellMaskMaker = (mask, shape) => cellMask(mask, shape, keys);
    known.set(connectionId, maker);
    return maker;
  };
}
