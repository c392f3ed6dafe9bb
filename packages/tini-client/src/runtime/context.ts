import { type FailWith } from '../errors';
import { type My } from './my';

export interface Surroundings {
  /** The device's clock, epoch ms: it may be wrong by hours. */
  readonly now: () => number;
  readonly random: () => number;
  readonly setTimeout: (callback: () => void, ms: number) => unknown;
  /** Takes what `setTimeout` gave. */
  readonly clearTimeout: (timer: never) => void;
}

/** The world as the client sees it, handed in once. */
export interface Context extends Surroundings {
  readonly my: My;
  /** The developer's own domain, without a slash at the end. */
  readonly baseUrl: string;
  readonly apiKey?: string;
  readonly projectId: string;
  /** Throws a TikiFirebaseError in the app's language. */
  readonly failWith: FailWith;
}
