import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { readFirebaseJson } from '@tiki-bridge/testing/emulators/project-files';

/** Runs the hook as `firebase deploy` does, which passes each command through cross-env-shell. */
const RUN_PREDEPLOY = `
const { lifecycleHooks } = require(${JSON.stringify(createRequire(__filename).resolve('firebase-tools/lib/deploy/lifecycleHooks.js'))});
const path = require('node:path');
const functions = JSON.parse(process.env.FUNCTIONS);
const config = { projectDir: process.cwd(), get: () => functions, path: (name) => path.resolve(name) };
lifecycleHooks('functions', 'predeploy')({}, { project: 'demo-tiki-bridge', projectRoot: process.cwd(), config })
  .catch((error) => { console.error(error.message); process.exit(1); });
`;

const json = (value: unknown) => JSON.stringify(value);

let project: string;

/** A codebase whose build needs a development dependency and an optional one, as esbuild does. */
beforeEach(() => {
  project = mkdtempSync(path.join(os.tmpdir(), 'thư mục (copy) '));
  const functions = {
    'package.json': json({
      name: 'functions',
      version: '1.0.0',
      scripts: { build: `node build.js` },
      devDependencies: { bundler: 'file:bundler' },
      optionalDependencies: { binary: 'file:binary' },
    }),
    'package-lock.json': json({
      name: 'functions',
      version: '1.0.0',
      lockfileVersion: 3,
      requires: true,
      packages: {
        '': {
          name: 'functions',
          version: '1.0.0',
          devDependencies: { bundler: 'file:bundler' },
          optionalDependencies: { binary: 'file:binary' },
        },
        'node_modules/bundler': { resolved: 'bundler', link: true },
        bundler: { version: '1.0.0', dev: true },
        'node_modules/binary': { resolved: 'binary', link: true },
        binary: { version: '1.0.0', optional: true },
      },
    }),
    'build.js': `require('bundler'); require('binary'); require('fs').mkdirSync(__dirname + '/lib')`,
    'bundler/package.json': json({ name: 'bundler', version: '1.0.0' }),
    'bundler/index.js': '',
    'binary/package.json': json({ name: 'binary', version: '1.0.0' }),
    'binary/index.js': '',
  };
  for (const [name, text] of Object.entries(functions)) {
    const file = path.join(project, 'functions', name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
});
afterEach(() => {
  rmSync(project, { recursive: true });
});

it.each([
  ['NODE_ENV=production', { NODE_ENV: 'production' }],
  ['omit=dev', { NPM_CONFIG_OMIT: 'dev' }],
  ['omit=optional', { NPM_CONFIG_OMIT: 'optional' }],
  ['ignore-scripts=true', { NPM_CONFIG_IGNORE_SCRIPTS: 'true' }],
])('a deployment builds the functions with %s', (_setting, settings) => {
  const run = spawnSync(process.execPath, ['-e', RUN_PREDEPLOY], {
    cwd: project,
    encoding: 'utf8',
    env: {
      ...process.env,
      NODE_ENV: undefined,
      NPM_CONFIG_OFFLINE: 'true',
      NPM_CONFIG_AUDIT: 'false',
      FUNCTIONS: json(readFirebaseJson().functions),
      ...settings,
    },
  });

  expect({ code: run.status, output: run.stdout + run.stderr }).toMatchObject({ code: 0 });
  expect(existsSync(path.join(project, 'functions', 'lib'))).toBe(true);
});
