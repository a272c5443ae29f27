/** A value as it is on the server, or as it comes from JSON: moments are dates here and ISO 8601 texts there. */
export type Wire<T> = T extends Date
  ? Date | string
  : T extends readonly (infer Item)[]
    ? readonly Wire<Item>[]
    : T extends object
      ? { readonly [Key in keyof T]: Wire<T[Key]> }
      : T;
