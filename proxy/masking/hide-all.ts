import type { CellMaskMaker } from "./masked-columns";

/** Shows NULL for every value of every masked column, whatever its method. */
export const hideAll: CellMaskMaker = (_mask, shape) => ({
  shape,
  constant: { text: null, binary: null },
  text: () => null,
  binary: () => null,
});
