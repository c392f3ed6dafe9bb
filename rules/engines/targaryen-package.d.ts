/** targaryen has no types; this is the documented part used here. */
declare module 'targaryen' {
  interface Result {
    readonly allowed: boolean;
  }
  export interface Database {
    with(options: { readonly auth: unknown; readonly now: number }): Database;
    read(path: string, now: number): Result;
    write(path: string, value: unknown, priority: undefined, now: number): Result;
  }
  export function database(rules: object, data: object, now: number): Database;
}
