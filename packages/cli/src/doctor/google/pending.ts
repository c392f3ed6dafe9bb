import { sh } from '../../../../../functions/src/operator';
import type { Environment } from '../../parameters';
import type { Project } from '../../project';
import { deploy } from '../commands';
import { SECRET } from '../parameters';
import type { DeployedFunction, FunctionId } from './function-shape';

/** The deployed public functions, as far as they are known. */
export type Deployed = Readonly<Partial<Record<FunctionId, DeployedFunction | undefined>>>;

const ALL = ['auth', 'gateway', 'sessions', 'backend', 'payments'] as const;

/**
 * Which function reads which parameter. A deployment sets all of them, but may include one function only.
 * Scheduled functions are not examined: `auth` stands for `reconcilePremium`, `payments` for its own.
 */
export const READERS: Readonly<Record<string, readonly FunctionId[]>> = {
  TIKI_CLIENT_KEY: ['auth', 'payments'],
  TIKI_API_BASE_URL: ['auth', 'payments'],
  TIKI_TOKENS_TO_CLIENT: ['auth'],
  SIGNING_SERVICE_ACCOUNT: ['auth', 'sessions', 'backend'],
  ALLOWED_ORIGINS: ALL,
  PATH_PREFIX: ALL,
  BRIDGE_CODEBASE: ALL,
  APP_CHECK_APP_ID: ['auth'],
  RATE_LIMIT_PER_MINUTE: ['auth', 'sessions', 'payments'],
  RATE_LIMIT_STORE: ['auth', 'sessions'],
  TRUSTED_PROXIES: ['auth', 'gateway', 'sessions', 'payments'],
  MAX_IN_FLIGHT: ALL,
  TRACES_ENDPOINT: ['auth'],
  OPERATOR_EMAILS: ['auth'],
  MIN_INSTANCES: ALL,
  MAX_INSTANCES: ALL,
  WEB_API_KEY: ['gateway', 'sessions', 'backend', 'payments'],
  WEB_ORIGINS: ['sessions'],
  SESSION_DAYS: ['sessions'],
  PUSH_NOTIFICATIONS: ['pushNotification'],
  STORAGE_BUCKET: ['gateway'],
  TIKI_VALIDATION_CODES: ['gateway'],
  PRIVATE_BACKEND_URL: ['backend'],
  PRIVATE_BACKEND_AUDIENCE: ['backend'],
  PAYMENT_PLANS: ['payments'],
  REFUND_WINDOW_HOURS: ['payments'],
  PREMIUM_DATABASE_URL: ['auth'],
  PATH_PREFIX: ALL,
  BRIDGE_CODEBASE: ALL,
  NODE_OPTIONS: ALL,
};

const OF_ALL: readonly string[] = ['PREMIUM_DATABASE_URL', 'NODE_OPTIONS'];

/** The value in a deployment that is older than the parameter. */
function otherwise(name: string, defaults: Environment): string {
  // Read by Node itself, so the default of our files does not apply.
  return name === 'NODE_OPTIONS' ? '' : (defaults[name] ?? '');
}

export interface Pending {
  readonly names: readonly string[];
  /** Deploys the functions concerned. */
  readonly remedy: string;
}

/**
 * Parameters whose value in the files differs from the one that their readers were deployed with;
 * undefined: none. An unknown name is treated as one of auth.
 */
export function pendingIn(
  file: Environment,
  deployed: Deployed,
  defaults: Environment,
  project: Project,
): Pending | undefined {
  // The secret must not be in the files: see "Parameter files".
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
    remedy: deploy(isOfOne ? `functions:tiki-bridge:${first.id}` : 'functions', project),
  };
}

/** Needs no quotes in the file. */
const PLAIN = /^[\w.:/@,+=~-]*$/;

/** Commands that write the deployed values of our parameters into a missing file. */
export function restoring(name: string, deployed: Deployed, defaults: Environment): string {
  const lines = Object.entries(READERS).flatMap(([parameter, [reader]]) => {
    const value = reader && (deployed[reader] ?? deployed.auth)?.environment[parameter];
    if (value === undefined || value === (defaults[parameter] ?? '')) return [];
    return PLAIN.test(value)
      ? [sh`echo ${`${parameter}=${value}`} >> ${name}`]
      : [`# ${parameter}, too: the Google Cloud console shows its value`];
  });
  return [...lines, `# and commit ${name}: it holds no secret`].join('\n');
}
