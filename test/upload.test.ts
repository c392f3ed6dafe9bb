import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { PROJECT_ROOT, readFirebaseJson } from '@tiki-bridge/testing/emulators/project-files';
import { PROJECT_FILES } from './project-tree';

/** The parts of the Firebase CLI that find the files of a deployment. */
interface FunctionsWalk {
  readonly readdirRecursive: (options: {
    readonly path: string;
    readonly ignoreStrings: readonly string[];
  }) => Promise<readonly { readonly name: string }[]>;
}
interface HostingWalk {
  readonly listFiles: (folder: string, ignore: readonly string[]) => readonly string[];
}
const firebase = createRequire(__filename);
// Not part of firebase-tools' interface, but what `firebase deploy` calls in the version of our lockfile.
const { readdirRecursive } = firebase('firebase-tools/lib/fsAsync.js') as FunctionsWalk;
const { listFiles } = firebase('firebase-tools/lib/listFiles.js') as HostingWalk;

/** Service account keys as Google's consoles and most guides name them. */
const SERVICE_ACCOUNTS = [
  'tiki-shop-firebase-adminsdk-x1y2z-0123456789.json',
  'service-account.json',
  'service_account.json',
  'serviceAccountKey.json',
  'prod-service-account-key.json',
];

/** What a developer's folder holds besides, and nobody else may see. */
const PRIVATE = [
  ...SERVICE_ACCOUNTS,
  'tiki-shop-0123456789ab.json',
  'key.json',
  'signing-key.json',
  'credentials.json',
  'application_default_credentials.json',
  'client_secret_123.apps.googleusercontent.com.json',
  'private.pem',
  'private.key',
  'private.p12',
  '.npmrc',
  '.secret.local',
  '.secret.tiki-shop',
  '.env.local',
  '.env.tiki-shop.local',
  '.env.tiki-shop.bak',
  'index.ts.bak',
  '.runtimeconfig.json',
  'firebase-debug.log',
];

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'upload-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function put(file: string): void {
  mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
  writeFileSync(path.join(folder, file), 'private');
}

const relativeTo = (source: string) => (file: string) =>
  path.relative(source, file).replaceAll(path.sep, '/');

/** `functions/` as a developer has it, in another folder, with everything that does not belong there. */
function copyWithDecoys(name: string): string {
  const source = path.join(folder, name);
  cpSync(path.join(PROJECT_ROOT, 'functions'), source, {
    recursive: true,
    filter: (file) => path.basename(file) !== 'node_modules',
  });
  const others = ['.env.tiki-shop', '.git/config', 'coverage/index.html', 'notes.txt', 'key.js'];
  const nested = ['node_modules/axios/package.json', 'src/index.js', '.stryker-tmp/lib/index.js'];
  for (const file of [...PRIVATE, ...others, ...nested]) {
    put(path.join(name, file));
    put(path.join(name, 'lib', file));
  }
  return source;
}

it.each(['functions', 'lib', 'src/functions', 'a (copy)/thư mục', '{a,b}/[c]/!d'])(
  'uploads exactly what the functions need from a folder named %s',
  async (name) => {
    const source = copyWithDecoys(name);
    put(path.join(name, 'plans.json'));
    const [codebase] = readFirebaseJson().functions;

    const files = await readdirRecursive({ path: source, ignoreStrings: codebase?.ignore ?? [] });

    expect(files.map((file) => relativeTo(source)(file.name)).sort()).toEqual([
      'lib/backend/assemble.js',
      'lib/backend/assemble.js.map',
      'lib/functions.js',
      'lib/functions.js.map',
      'lib/index.js',
      'lib/index.js.map',
      'lib/push/assemble.js',
      'lib/push/assemble.js.map',
      'package-lock.json',
      'package.json',
      'plans.example.json',
      'plans.json',
    ]);
  },
);

it('publishes no key of a service account on Hosting', () => {
  for (const file of SERVICE_ACCOUNTS) put(`public/assets/${file}`);
  for (const file of ['.env', 'node_modules/a/index.js']) put(`public/${file}`);
  put('public/index.html');
  const { ignore } = readFirebaseJson().hosting;

  expect(listFiles(path.join(folder, 'public'), ignore)).toEqual(['index.html']);
});

it('packs functions/ without anything that is private', () => {
  const source = copyWithDecoys('functions');
  const npm = spawnSync('npm pack --dry-run --json --ignore-scripts', {
    cwd: source,
    encoding: 'utf8',
    shell: true,
  });
  const [{ files }] = JSON.parse(npm.stdout) as [{ files: { path: string }[] }];

  expect(files.map((file) => file.path).sort()).toEqual([
    'LICENSE',
    'README.md',
    'lib/backend/assemble.js',
    'lib/functions.d.ts',
    'lib/functions.js',
    'lib/index.d.ts',
    'lib/index.js',
    'lib/push/assemble.js',
    'lib/session.d.ts',
    'lib/sessions.d.ts',
    'lib/sessions.js',
    'package.json',
  ]);
});

describe('Git', () => {
  function git(args: readonly string[], input = ''): string {
    const { stdout } = spawnSync('git', args, { cwd: folder, encoding: 'utf8', input });
    return stdout;
  }

  function ignored(files: readonly string[]): string[] {
    git(['init', '--quiet']);
    writeFileSync(
      path.join(folder, '.gitignore'),
      readFileSync(path.join(PROJECT_ROOT, '.gitignore')),
    );
    return git(['check-ignore', '--no-index', '--stdin'], files.join('\n'))
      .split('\n')
      .filter(Boolean);
  }

  it('ignores keys, secrets and backups in the root and in functions/', () => {
    const files = PRIVATE.flatMap((file) => [file, `functions/${file}`]);

    expect(ignored(files)).toEqual(files);
  });

  it('ignores no file of the project, and none that a deployer commits', () => {
    const committed = ['functions/.env.tiki-shop', 'functions/plans.json', 'functions/.env.prod'];

    expect(ignored([...PROJECT_FILES, ...committed])).toEqual([]);
  });
});
