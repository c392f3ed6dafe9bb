/** The next `times` calls of a path, or messages, and what happens to them. */
interface Rule {
  readonly path: string;
  readonly times?: number;
  readonly fault: unknown;
}

export interface FaultRules<Of extends Rule> {
  add(rule: Of): void;
  /** Returns the number of cleared rules. */
  clear(): number;
  /** Returns the first fault for this path that `fits`, and decrements its count. */
  take(path: string, fits: (fault: Of['fault']) => boolean): Of['fault'] | undefined;
}

export function createFaultRules<Of extends Rule>(): FaultRules<Of> {
  let pending: { readonly rule: Of; left: number }[] = [];

  return {
    add(rule) {
      pending.push({ rule, left: rule.times ?? 1 });
    },

    clear() {
      const cleared = pending.length;
      pending = [];
      return cleared;
    },

    take(path, fits) {
      const hit = pending.find(
        ({ rule }) => (rule.path === '*' || rule.path === path) && fits(rule.fault),
      );
      if (hit === undefined) return undefined;
      hit.left -= 1;
      if (hit.left <= 0) pending = pending.filter((other) => other !== hit);
      return hit.rule.fault;
    },
  };
}
