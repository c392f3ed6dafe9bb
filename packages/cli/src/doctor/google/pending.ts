import type { Environment } from '../../parameters';
import type { Project } from '../../target';
import { deploy } from '../commands';
import { SECRET } from '../parameters';
import type { DeployedFunction, FunctionId } from './deployed-function';

/** What both functions that anybody may call were deployed with, as far as that is known. */
export type Deployed = Readonly<Partial<Record<FunctionId, DeployedFunction | undefined>>>;

const BOTH = ['auth', 'gateway'] as const;

/**
 * Who reads what. A deployment hands every function all of it, but may be one of a single function.
 * For `reconcilePremium`, which is not looked at, `auth` stands in.
 */
export const READERS: Readonly<Record<string, readonly FunctionId[]>> = {
  TIKI_CLIENT_KEY: ['auth'],
  TIKI_API_BASE_URL: ['auth'],
  TIKI_TOKENS_TO_CLIENT: ['auth'],
  SIGNING_SERVICE_ACCOUNT: ['auth'],
  ALLOWED_ORIGINS: BOTH,
  APP_CHECK_APP_ID: ['auth'],
  RATE_LIMIT_PER_MINUTE: ['auth'],
  RATE_LIMIT_STORE: ['auth'],
  TRUSTED_PROXIES: BOTH,
  MAX_IN_FLIGHT: BOTH,
  WEB_API_KEY: ['gateway'],
  TIKI_VALIDATION_CODES: ['gateway'],
  PREMIUM_DATABASE_URL: ['auth'],
  NODE_OPTIONS: BOTH,
};

const OF_ALL: readonly string[] = ['PREMIUM_DATABASE_URL', 'NODE_OPTIONS'];

/** What a deployment that did not know the parameter yet has all the same. */
function otherwise(name: string, defaults: Environment): string {
  // Node's own: without it in a deployment there is none, whatever our files say.
  return name === 'NODE_OPTIONS' ? '' : (defaults[name] ?? '');
}

export interface Pending {
  readonly names: readonly string[];
  /** Deploys the functions concerned. */
  readonly remedy: string;
}

/**
 * Parameters whose value in the files is not (yet) the one that their readers were deployed with;
 * undefined: none. A name that is not ours counts as auth's.
 */
export function pendingIn(
  file: Environment,
  deployed: Deployed,
  defaults: Environment,
  project: Project,
): Pending | undefined {
  // The secret must not stand in the files at all, see "Parameter files".
  const names = Object.keys(file).filter((name) => name !== SECRET);
  const behind = names.flatMap((name) =>
    (READERS[name] ?? ['auth'])
      .filter((id) => {
        const environment = deployed[id]?.environment;
        return environment && file[name] !== (environment[name] ?? otherwise(name, defaults));
      })
      .map((id) => ({ name, id })),
  );
  const [first] = behind;
  if (!first) return undefined;
  const isOfOne = behind.every(({ name, id }) => id === first.id && !OF_ALL.includes(name));
  return {
    names: [...new Set(behind.map(({ name }) => name))],
    remedy: deploy(isOfOne ? `functions:${first.id}` : 'functions', project),
  };
}

/** Needs no quotes in the file, nor other ones than we set in a shell. */
const PLAIN = /^[\w.:/@,+=~-]*$/;

/** Commands that write the deployed values into a file which has none; only our own parameters. */
export function restoring(name: string, deployed: Deployed, defaults: Environment): string {
  const lines = Object.entries(READERS).flatMap(([parameter, [reader]]) => {
    const value = reader && (deployed[reader] ?? deployed.auth)?.environment[parameter];
    if (value === undefined || value === (defaults[parameter] ?? '')) return [];
    return PLAIN.test(value)
      ? [`echo '${parameter}=${value}' >> ${name}`]
      : [`# ${parameter}, too: the Google Cloud console shows its value`];
  });
  return [...lines, `# and commit ${name}: it holds no secret`].join('\n');
}
