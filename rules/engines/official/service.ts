import type { RulesTestContext } from '@firebase/rules-unit-testing';
import type { Case } from '../../case';
import type { World } from '../../world';

/** How rows are sent to one of Google's emulators. */
export interface OfficialService {
  /** Rejects if the rules deny the row. */
  readonly ask: (client: RulesTestContext, asked: Case) => Promise<unknown>;
  /** Stores the world before the first row; later, restores what a row was allowed to change. */
  readonly restore: (server: RulesTestContext, world: World, path?: string) => Promise<void>;
}
