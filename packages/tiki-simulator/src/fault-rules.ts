import type { Fault, FaultRule, OpenApiPath } from './fault';

export interface FaultRules {
  add(rule: FaultRule): void;
  /** Returns the number of cleared rules. */
  clear(): number;
  /** Returns the first fault for this path that `fits`, and decrements its count. */
  take(path: OpenApiPath, fits: (fault: Fault) => boolean): Fault | undefined;
}

export function createFaultRules(): FaultRules {
  let pending: { readonly rule: FaultRule; left: number }[] = [];

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
