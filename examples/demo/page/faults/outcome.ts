import type { Run } from '../login/recorder';
import type { Scenario } from './scenarios';

/** The result of a scenario, compared with the documented one. */
export type Outcome =
  | { readonly kind: 'not-run' }
  | { readonly kind: 'running' }
  | {
      readonly kind: 'finished';
      /** `ok` or the problem code. */
      readonly code: string;
      readonly asDocumented: boolean;
    };

export function outcomeOf(scenario: Scenario, run: Run | undefined): Outcome {
  if (!run) return { kind: 'not-run' };
  if (run.state === 'running') return { kind: 'running' };
  const code = run.failure?.code ?? 'ok';
  return { kind: 'finished', code, asDocumented: code === scenario.expect };
}
