/** The package's own types describe its ES module, which a CommonJS file cannot import; this is what is used. */
declare module 'node-diff3' {
  interface Region {
    /** Lines that all agree on; undefined: a conflict. */
    readonly ok?: readonly string[];
    readonly conflict?: {
      readonly a: readonly string[];
      /** Of the first line in `a`, also where there is none. */
      readonly aIndex: number;
      readonly b: readonly string[];
    };
  }
  export function diff3Merge(
    a: readonly string[],
    base: readonly string[],
    b: readonly string[],
    options: { readonly excludeFalseConflicts: boolean },
  ): readonly Region[];
}
