import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { PROJECT_ROOT } from '@tiki-bridge/testing/emulators/project-files';
import { SHOP, template } from './fakes';
import { nextSteps } from './next-steps';
import { DEFAULTS } from './plan/plan';

/** The first block of commands of a way. */
function blockOf(page: string, way: number): string {
  const text = readFileSync(path.join(PROJECT_ROOT, 'docs', page), 'utf8');
  const [, section = ''] = text.split(new RegExp(`^## ${way}\\. `, 'm'));
  return /^```sh\n(.*?)^```/ms.exec(section)?.[1] ?? '';
}

const PAGES = ['adopt.md', 'adopt.vi.md'];
const PACKED = `tiki-firebase-bridge-${template.manifest.version}.tgz`;
const requireHere = createRequire(__filename);
const templates = path.join(
  path.dirname(requireHere.resolve('firebase-tools/package.json')),
  'templates',
);

/** In place of npm's: they say how they were called, and need no registry. */
const COMMANDS: Readonly<Record<string, string>> = {
  npm: `echo "npm $*" >> "$CALLS"
case "$1" in install)
  mkdir -p node_modules/tiki-firebase-bridge/lib
  printf '%s\\n' PATH_PREFIX= BRIDGE_CODEBASE=tiki-bridge > node_modules/tiki-firebase-bridge/lib/parameters.env
  touch package-lock.json;;
esac`,
  npx: 'echo "npx $*" >> "$CALLS"',
};

let folder: string;
let shop: string;
const git = (...args: readonly string[]) =>
  execFileSync('git', args, { cwd: shop, encoding: 'utf8' });

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'adopt-page-'));
  shop = path.join(folder, 'shop');
  cpSync(SHOP, shop, { recursive: true });
  // As `firebase init` leaves a project.
  cpSync(path.join(templates, '_gitignore'), path.join(shop, '.gitignore'));
  cpSync(
    path.join(templates, 'init/functions/javascript/_gitignore'),
    path.join(shop, 'functions/.gitignore'),
  );
  mkdirSync(path.join(folder, 'tiki-firebase-bridge'));
  writeFileSync(path.join(folder, 'tiki-firebase-bridge', PACKED), 'the packed functions');
  mkdirSync(path.join(folder, 'bin'));
  for (const [name, script] of Object.entries(COMMANDS)) {
    writeFileSync(path.join(folder, 'bin', name), `#!/bin/sh\n${script}\n`);
    chmodSync(path.join(folder, 'bin', name), 0o755);
  }
  git('init', '--quiet');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Runs the commands of a way. @returns how npm and npx were called */
function follow(page: string, way: number): string {
  const calls = path.join(folder, 'calls');
  execFileSync('sh', ['-e', '-c', blockOf(page, way).replaceAll('<project>', 'shop-1234')], {
    cwd: shop,
    env: {
      ...process.env,
      CALLS: calls,
      PATH: `${path.join(folder, 'bin')}${path.delimiter}${process.env['PATH'] ?? ''}`,
    },
  });
  return readFileSync(calls, 'utf8');
}

/** What Git would commit of a folder. */
function committed(inside: string): readonly string[] {
  git('add', '--all');
  return git('ls-files', inside)
    .trim()
    .split('\n')
    .map((file) => path.basename(file));
}

// With another firebase-functions of theirs, the Firebase CLI finds none of the bridge's parameters.
const INSTALL = `firebase-functions@${template.manifest.dependencies?.['firebase-functions'] ?? ''}`;

it.each(PAGES)('%s: a kit is committed whole, without its secret', (page) => {
  const calls = follow(page, 2);
  writeFileSync(path.join(shop, 'tiki-kit/.secret.local'), 'TIKI_CLIENT_SECRET=a');

  expect(calls).toMatch(new RegExp(`^npm install .*\\./${PACKED}$`, 'm'));
  expect(calls).toContain(INSTALL);
  expect(committed('tiki-kit').toSorted()).toEqual(
    ['.gitignore', 'index.js', 'package-lock.json', PACKED].toSorted(),
  );
});

it.each(PAGES)('%s: a codebase of theirs is committed with what it needs', (page) => {
  const calls = follow(page, 3);
  writeFileSync(path.join(shop, 'functions/.secret.local'), 'TIKI_CLIENT_SECRET=a');

  expect(calls).toContain(`npm install ${INSTALL} ./${PACKED}\n`);
  expect(committed('functions').toSorted()).toEqual(
    [
      ...['.env', '.env.shop-1234', '.gitignore', 'index.js', 'package-lock.json', 'package.json'],
      PACKED,
    ].toSorted(),
  );
  expect(readFileSync(path.join(shop, 'functions/.env'), 'utf8')).toBe(
    'PATH_PREFIX=\nBRIDGE_CODEBASE=default\n',
  );
});

it.each(PAGES)('%s: init prints the commands that follow it', (page) => {
  const [init = '', ...rest] = blockOf(page, 1)
    .trim()
    .split('\n')
    .map((line) => line.replace(/ +#.*/, ''));
  const steps = nextSteps(DEFAULTS, { redirects: [], rewrites: [] });
  const { bin } = requireHere(path.join(PROJECT_ROOT, 'functions/package.json')) as {
    readonly bin: object;
  };

  expect(init.replace('<version>', template.manifest.version)).toBe(
    `npx --package ../tiki-firebase-bridge/${PACKED} ${Object.keys(bin).join()} init`,
  );
  expect(steps.match(/(?<=^ {2})np[mx] .*/gm)?.slice(0, 2)).toEqual(rest);
});
