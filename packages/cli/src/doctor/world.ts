import type { GoogleSession } from '../credentials';
import type { DeployedAs } from '../../../../functions/src/operator';
import type { ReadFile } from '../project-files';

/** All effects of the checks. */
export interface World {
  /** `redirect` is always `manual`. */
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** Bound of one request with its answer, in ms. */
  readonly timeoutMs: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly signIn: () => Promise<GoogleSession>;
  /** As in `process.versions.node`. */
  readonly nodeVersion: string;
  /** Of this process. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  /** The names in commands where no deployment is examined. */
  readonly deployed: DeployedAs;
  readonly readFile: ReadFile;
  /** Names of the files in a folder of the project. */
  readonly listFiles: (folder: string) => readonly string[];
  /** Major version of the installed Java. */
  readonly findJava: () => number | undefined;
  /** In the project or on PATH. */
  readonly hasFirebaseCli: () => boolean;
  readonly hasFirestoreEmulator: () => boolean;
  readonly isFree: (port: number) => Promise<boolean>;
}
