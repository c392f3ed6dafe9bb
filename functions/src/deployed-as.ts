import { sh, shellQuote } from './remedy';

/**
 * How these functions are deployed, which decides the names of functions, secrets and files in every
 * command that is printed:
 *
 * | way                          | `--only`                              | parameters in                         |
 * | ---------------------------- | ------------------------------------- | ------------------------------------- |
 * | this repository              | `functions:tiki-bridge:auth`          | `functions/`                          |
 * | the codebase of `init`       | `functions:tiki-bridge:auth`          | `tiki-bridge/`                        |
 * | ... exported as a group      | `functions:tiki-bridge:tikiBridge-auth` |                                     |
 * | a function kit               | `functions:shop:kit-shop-auth`        | `function-kits/<kit>/config-shop/`    |
 * | exports in one's own codebase | `functions:default:auth`             | `functions/`                          |
 *
 * Texts are written with the names of this repository, so that they are right without anything else;
 * {@link asDeployed} replaces them where they are printed.
 */
export interface DeployedAs {
  /** Of firebase.json; of a kit the id of its instance. */
  readonly codebase: string;
  /** What precedes the name of each function: empty, `tikiBridge-` or `kit-shop-`. */
  readonly functionPrefix: string;
  /** What precedes the name of each secret: empty or `kit-shop-`. */
  readonly secretPrefix: string;
  /** Where the `.env` files are, from the folder of firebase.json. */
  readonly folder: string;
  /** False: the functions have other names, which only their code base knows. */
  readonly namesAreKnown: boolean;
  /** The folder whose node_modules have this package, as `folder`; undefined: this is a checkout. */
  readonly installedIn: string | undefined;
}

export const FUNCTION_NAMES = [
  'auth',
  'gateway',
  'sessions',
  'backend',
  'payments',
  'reconcilePayments',
  'paymentsDaily',
  'reconcilePremium',
  'pushNotification',
  'pushPremium',
  'pushDaily',
] as const;

const isOurs = (name: string): boolean => FUNCTION_NAMES.some((each) => each === name);

/** The names of this repository's own deployment. */
export const AS_HERE: DeployedAs = {
  codebase: 'tiki-bridge',
  functionPrefix: '',
  secretPrefix: '',
  folder: 'functions',
  namesAreKnown: true,
  installedIn: undefined,
};

/** An instance of a function kit. `<kit>` is the kit's name in firebase.json, which it does not know. */
export function asKit(instance: string, kit = '<kit>'): DeployedAs {
  const prefix = `kit-${instance}-`;
  return {
    codebase: instance,
    functionPrefix: prefix,
    secretPrefix: prefix,
    folder: `function-kits/${kit}/config-${instance}`,
    namesAreKnown: true,
    installedIn: `function-kits/${kit}/source`,
  };
}

/** `firebase init` names the folder of a codebase after it, but that of the first one `functions`. */
export function asCodebase(codebase: string, functionPrefix = ''): DeployedAs {
  const folder = codebase === 'default' ? 'functions' : codebase;
  return { ...AS_HERE, codebase, functionPrefix, folder };
}

/** What precedes `auth` in a name such as `tikiBridge-auth`; undefined: it is none of ours. */
function groupIn(exported: string): string | undefined {
  const end = exported.lastIndexOf('-') + 1;
  return isOurs(exported.slice(end)) ? exported.slice(0, end) : undefined;
}

/**
 * How the function of this process is deployed.
 *
 * @param env Set by Cloud Functions and the emulator: FUNCTION_TARGET, the export (`tikiBridge.auth`);
 *   K_SERVICE, the function in lower case, with the `prefix` of firebase.json. Set by the Firebase CLI:
 *   FIREBASE_KIT_INSTANCE_ID. A parameter: BRIDGE_CODEBASE.
 * @param folder Of this code: below node_modules, it is a package that a codebase has installed.
 */
export function deployedAs(
  env: Readonly<Record<string, string | undefined>>,
  folder: string,
): DeployedAs {
  const exported = (env['FUNCTION_TARGET'] ?? '').replaceAll('.', '-');
  const group = exported === '' ? '' : groupIn(exported);
  const namesAreKnown = group !== undefined;
  const instance = env['FIREBASE_KIT_INSTANCE_ID'];
  if (instance) {
    const kit = asKit(instance);
    return { ...kit, functionPrefix: kit.functionPrefix + (group ?? ''), namesAreKnown };
  }
  const service = env['K_SERVICE'] ?? '';
  const isPrefixed = service.toLowerCase().endsWith(`-${exported.toLowerCase()}`);
  const prefix = exported !== '' && isPrefixed ? service.slice(0, -exported.length) : '';
  const functionPrefix = prefix + (group ?? '');
  const isInstalled = /[\\/]node_modules[\\/]/.test(folder);
  const codebase = env['BRIDGE_CODEBASE'] || AS_HERE.codebase;
  const named = { ...asCodebase(codebase, functionPrefix), namesAreKnown };
  if (isInstalled) return { ...named, installedIn: named.folder };
  return codebase === AS_HERE.codebase ? { ...named, folder: AS_HERE.folder } : named;
}

/** A function as it is deployed. */
export function functionName(name: string, { functionPrefix }: DeployedAs): string {
  return functionPrefix + name;
}

/** The Cloud Run service of a function, which allows neither upper case nor underscores. */
export function serviceName(name: string, deployed: DeployedAs): string {
  return functionName(name, deployed).toLowerCase().replaceAll('_', '-');
}

/** A secret as Secret Manager has it. */
export function secretName(name: string, { secretPrefix }: DeployedAs): string {
  return secretPrefix + name;
}

const PACKAGE = 'tiki-firebase-bridge';

/**
 * Commands of this repository's scripts, of its own Firebase CLI and of infra/, as they are run where the
 * package is installed. Never `npx tiki-firebase-bridge`, which would run whatever a registry has.
 */
function asInstalledIn(folder: string, text: string): string {
  const bridge = `${sh`npm exec --no --prefix ${folder} --`} ${PACKAGE}`;
  return text
    .replaceAll(
      /npm run (bridge|premium|doctor|deploy)(?![\w-])(?: --(?![\w-]))?/g,
      (_, name: string) => (name === 'bridge' ? bridge : `${bridge} ${name}`),
    )
    .replaceAll('npx firebase ', 'npx firebase-tools ')
    .replaceAll(/(?<![\w/-])infra\/setup\.sh/g, () =>
      shellQuote(`${folder}/node_modules/${PACKAGE}/infra/setup.sh`),
    );
}

/**
 * A text with this repository's names, such as a remedy, with those of the deployment. A text that has
 * them already stays as it is.
 */
export function asDeployed(text: string, deployed: DeployedAs): string {
  const { codebase, folder, functionPrefix, installedIn, namesAreKnown, secretPrefix } = deployed;
  const named = text
    .replaceAll(/functions:tiki-bridge:(\w+)/g, (all: string, name: string) =>
      isOurs(name)
        ? ['functions', codebase, ...(namesAreKnown ? [functionName(name, deployed)] : [])].join(
            ':',
          )
        : all,
    )
    .replaceAll(
      /functions:secrets:(\w+) ([\w-]+)/g,
      (all: string, command: string, name: string) =>
        secretPrefix !== '' && name.startsWith(secretPrefix)
          ? all
          : [`functions:secrets:${command}`, secretName(name, deployed)].join(' '),
    )
    .replaceAll(/functions:log --only (\w+)/g, (all: string, name: string) =>
      isOurs(name) ? `functions:log --only ${functionName(name, deployed)}` : all,
    )
    .replaceAll(/run services describe (\w+)/g, (all: string, name: string) =>
      isOurs(name) ? `run services describe ${serviceName(name, deployed)}` : all,
    )
    .replaceAll(/(?<=infra\/setup\.sh)(?= --project)/g, () =>
      functionPrefix === '' ? '' : sh` --prefix ${functionPrefix}`,
    )
    .replaceAll(/(?<![\w/-])functions\/(?=\.env)/g, () => `${folder}/`);
  return installedIn === undefined ? named : asInstalledIn(installedIn, named);
}
