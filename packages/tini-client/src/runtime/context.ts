import { type FailWith } from '../errors';
import { type My } from './my';

export interface Platform {
  /** Device time, epoch ms; may be off by hours. */
  readonly now: () => number;
  readonly random: () => number;
  readonly setTimeout: (callback: () => void, ms: number) => unknown;
  /** Takes the return value of `setTimeout`. */
  readonly clearTimeout: (timer: never) => void;
}

/** Everything the client depends on, injected once. */
export interface Context extends Platform {
  readonly my: My;
  /** The developer's own domain, without a trailing slash. */
  readonly baseUrl: string;
  /** Of Google's endpoints; the same unless there is no Hosting. */
  readonly gatewayUrl: string;
  readonly apiKey?: string;
  readonly projectId: string;
  /** The bucket of Cloud Storage; undefined: the project's default. */
  readonly storageBucket?: string;
  /** Throws a TikiFirebaseError in the app's language. */
  readonly failWith: FailWith;
}
