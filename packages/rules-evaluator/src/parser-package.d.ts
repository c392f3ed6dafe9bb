/**
 * The package's own types describe its ES module, which a CommonJS file cannot import. Its CommonJS
 * build has the same API; this is the part used here.
 */
declare module '@firebase/eslint-plugin-security-rules/parser' {
  export interface AntlrToken {
    readonly start: number;
    readonly stop: number;
    readonly line: number;
  }
  export interface AntlrNode {
    readonly symbol?: AntlrToken;
    readonly start: AntlrToken;
    readonly stop: AntlrToken | null;
    readonly children?: readonly AntlrNode[] | null;
    getText(): string;
  }
  export function parseForESLint(source: string): { services: { tree: AntlrNode } };
}
