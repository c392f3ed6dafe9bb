import { parseDotenv } from '@tiki-bridge/testing/emulators/dotenv';
import { withFirebaseCli } from './firebase-cli';
import type { ReadFile } from './project-files';
import type { Project } from './project';

export type Environment = Readonly<Record<string, string>>;

export interface Parameters {
  /** What the functions get. */
  readonly values: Environment;
  /** Of functions/.env alone. */
  readonly defaults: Environment;
  /** The project's own file, or where it belongs: `functions/.env.<project>`. */
  readonly file: string;
  /** Whether that file exists. */
  readonly hasOwn: boolean;
  /** Why the Firebase CLI refuses the files; quotes no value. */
  readonly fault: string | undefined;
}

/**
 * The parameters that the Firebase CLI deploys, or gives to emulators: .env, then .env.<project id>
 * or .env.<alias>, then for emulators .env.local.
 *
 * @see loadUserEnvs in firebase-tools/src/functions/env.ts, which the tests compare with it
 */
export function readParameters(
  { projectId, alias }: Project,
  readFile: ReadFile,
  { forEmulators }: { readonly forEmulators: boolean },
): Parameters {
  const read = (file: string) => {
    const text = readFile(file);
    return text === undefined ? [] : [{ file, ...withFirebaseCli(() => parseDotenv(text)) }];
  };
  const shared = read('functions/.env');
  const ofId = read(`functions/.env.${projectId}`);
  const ofAlias = alias === undefined ? [] : read(`functions/.env.${alias}`);
  const own = [...ofId, ...ofAlias];
  const files = [...shared, ...own, ...(forEmulators ? read('functions/.env.local') : [])];
  const faults = files.flatMap(({ file, fault }) =>
    fault === undefined ? [] : [`${file}: ${fault}`],
  );
  if (own.length > 1)
    faults.push(`${own.map(({ file }) => file).join(' and ')} exclude each other`);
  return {
    values: Object.assign({}, ...files.map(({ values }) => values)) as Environment,
    defaults: shared[0]?.values ?? {},
    file: own[0]?.file ?? `functions/.env.${projectId}`,
    hasOwn: own.length > 0,
    fault: faults.length > 0 ? faults.join('; ') : undefined,
  };
}
