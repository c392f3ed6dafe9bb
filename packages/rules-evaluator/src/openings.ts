import { covering, type RulesRequest } from './decide';
import { evaluateCondition, type Scope } from './evaluate';
import { RuleError, Unsupported } from './failures';
import { operand, operandsOf, type Node } from './grammar';
import type { Ruleset } from './ruleset';

/** An `allow` that lets a request through, or may: what is not given of the request can have any value. */
export interface Opening {
  readonly line: number;
  /** What its condition depends on; undefined: it is true. */
  readonly unknown: string | undefined;
}

type Outcome = 'true' | 'denies' | { readonly unknown: string };

const isUnknown = (outcome: Outcome) => typeof outcome === 'object';

/**
 * Whether a condition lets a request through. An error denies as `false` does, so that here, other than
 * inside of a `!`, one side of `&&` that denies is enough, whatever the other side is.
 */
function outcomeOf(node: Node, scope: Scope): Outcome {
  const sides = () => operandsOf(node).map((side) => outcomeOf(side, scope));
  switch (node.type) {
    case 'PrimaryExpression':
    case 'ParenSimpleExpression':
      return outcomeOf(operand(node, 0), scope);
    case 'LogicalAndExpression': {
      const each = sides();
      return each.includes('denies') ? 'denies' : (each.find(isUnknown) ?? 'true');
    }
    case 'LogicalOrExpression': {
      const each = sides();
      return each.includes('true') ? 'true' : (each.find(isUnknown) ?? 'denies');
    }
    default:
      try {
        return evaluateCondition(node, scope) ? 'true' : 'denies';
      } catch (failure) {
        if (failure instanceof RuleError) return 'denies';
        if (failure instanceof Unsupported) return { unknown: failure.message };
        throw failure;
      }
  }
}

/**
 * The `allow` statements that let some request of this kind through.
 *
 * @throws Unsupported for a `match` outside the evaluator's subset
 */
export function openingsFor(rules: Ruleset, request: RulesRequest): readonly Opening[] {
  return [...covering(rules, request)].flatMap(([{ node, condition }, scope]): Opening[] => {
    const outcome = condition ? outcomeOf(condition, scope) : 'true';
    if (outcome === 'denies') return [];
    return [
      { line: node.line, unknown: typeof outcome === 'object' ? outcome.unknown : undefined },
    ];
  });
}
