import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { PROJECT_ROOT } from '@tiki-bridge/testing/emulators/project-files';
import { SHOP, template } from './fakes';
import { nextSteps } from './next-steps';
import { DEFAULTS } from './plan/plan';

/** npm puts the commands of this repository on PATH. */
const pathWithoutFirebase = (process.env['PATH'] ?? '')
  .split(path.delimiter)
  .filter((each) => !existsSync(path.join(each, 'firebase')))
  .join(path.delimiter);

/** By `npm exec` as `init` prints it, with the command line where npm installs it. */
function asInstalled(shop: string, command: string, words: string) {
  const modules = path.join(shop, 'tiki-bridge/node_modules');
  mkdirSync(path.join(modules, '.bin'), { recursive: true });
  chmodSync(command, 0o755);
  symlinkSync(command, path.join(modules, '.bin/tiki-firebase-bridge'));
  const [line = ''] =
    /npm exec .* tiki-firebase-bridge(?= try$)/m.exec(nextSteps(DEFAULTS, undefined)) ?? [];
  const { status, stdout, stderr } = spawnSync('sh', ['-c', `${line} ${words}`], {
    cwd: shop,
    encoding: 'utf8',
    // npm says by itself where it was called.
    env: {
      ...process.env,
      INIT_CWD: undefined,
      NODE_PATH: path.join(PROJECT_ROOT, 'functions/node_modules'),
    },
  });
  rmSync(modules, { recursive: true });
  return { status, stderr, stdout };
}

it('does the same from one file, without this repository', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'packed-command-'));
  try {
    // As npm installs it.
    const manifest = path.join(PROJECT_ROOT, 'functions/package.json');
    cpSync(manifest, path.join(folder, 'package.json'));
    const command = path.join(folder, 'lib/cli.js');
    const build = path.join(PROJECT_ROOT, 'packages/cli/build.mjs');
    execFileSync(process.execPath, [build, command], { stdio: 'inherit' });
    const shop = path.join(folder, 'shop');
    cpSync(SHOP, shop, { recursive: true });
    const packed = path.join(folder, `tiki-firebase-bridge-${template.manifest.version}.tgz`);
    writeFileSync(packed, 'the packed functions');
    const run = (...args: readonly string[]) => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], {
        cwd: shop,
        encoding: 'utf8',
        // Its dependencies are those of the functions.
        env: {
          ...{ PATH: pathWithoutFirebase, SystemRoot: process.env['SystemRoot'], INIT_CWD: shop },
          NODE_PATH: path.join(PROJECT_ROOT, 'functions/node_modules'),
        },
      });
      return { status, stderr, stdout };
    };

    expect(run('init', '--yes', '--no-install', '--packed', packed)).toMatchObject({
      status: 0,
      stderr: '',
    });
    expect(readFileSync(path.join(shop, 'firestore.rules'), 'utf8')).toContain(
      'function tikiIsOwner',
    );
    // Nobody has installed the Firebase CLI here.
    expect(run('rollback', '--project', 'demo-shop').stderr).toMatch(/emulators only/);
    expect(asInstalled(shop, command, 'init --check')).toMatchObject({
      status: 1,
      stdout: expect.stringMatching(/^tiki-bridge\/package-lock\.json is missing/) as string,
    });
    expect(run('remove', '--yes')).toMatchObject({ status: 0, stderr: '' });
    for (const file of ['firebase.json', 'firestore.rules', 'database.rules.json']) {
      expect(readFileSync(path.join(shop, file), 'utf8')).toBe(
        readFileSync(path.join(SHOP, file), 'utf8'),
      );
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
