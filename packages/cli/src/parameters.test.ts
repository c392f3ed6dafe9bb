import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createRequire } from 'node:module';
import fc from 'fast-check';
import { READERS } from './doctor/google/pending';
import { readParameters } from './parameters';

interface FirebaseEnv {
  loadUserEnvs(options: {
    readonly functionsSource: string;
    readonly projectDir: string;
    readonly projectId: string;
    readonly projectAlias: string | undefined;
    readonly isEmulator: boolean;
  }): Record<string, string>;
}
const firebase = createRequire(__filename)('firebase-tools/lib/functions/env.js') as FirebaseEnv;

const PROJECT = { projectId: 'my-app', alias: 'prod' };
const line = fc.constantFrom(
  'A=1',
  'A=2 # two',
  'export B="x y"',
  "B = 'it'",
  '# C=3',
  'D="# not a comment" # one',
  'E=a # b # c',
  "F='it\\'s'",
  'G="two\\nlines"',
  'H="two\nlines"',
  'I=\t spaced \t',
  'export\tJ=1',
  'K==1',
  'L=a"b"c',
  'M="unclosed',
  'N=1\r',
  '  O=1',
  'P.Q/R=1',
  'S=Nguyễn',
  '\uFEFFT=1',
  'A=',
  'A="twice"',
  'lower=1',
  '1A=1',
  'PORT=80',
  'K_SERVICE=auth',
  'GCLOUD_PROJECT=my-app',
  'FIREBASE_CONFIG={}',
  'FIREBASE_TOKEN=1',
  'X_GOOGLE_A=1',
  'EXT_A=1',
  'stray words',
  '',
);
const dotenv = fc.option(fc.array(line, { maxLength: 3 }).map((lines) => lines.join('\n')));
const scenario = fc.record({
  files: fc.dictionary(fc.constantFrom('.env', '.env.my-app', '.env.prod', '.env.local'), dotenv),
  alias: fc.constantFrom(undefined, 'prod'),
  forEmulators: fc.boolean(),
});

describe('the parameters of a project', () => {
  it('are those that the Firebase CLI deploys, or are at fault where it refuses them', () => {
    fc.assert(
      fc.property(scenario, ({ files, alias, forEmulators }) => {
        const folder = mkdtempSync(path.join(os.tmpdir(), 'parameters-'));
        try {
          for (const [name, text] of Object.entries(files)) {
            if (text !== null) writeFileSync(path.join(folder, name), text);
          }
          const readFile = (file: string) => {
            const full = path.join(folder, path.basename(file));
            return existsSync(full) ? readFileSync(full, 'utf8') : undefined;
          };
          const read = readParameters({ ...PROJECT, alias }, readFile, { forEmulators });
          const options = {
            functionsSource: folder,
            projectDir: folder,
            projectId: PROJECT.projectId,
            projectAlias: alias,
            isEmulator: forEmulators,
          };
          const load = () => firebase.loadUserEnvs(options);
          if (read.fault === undefined) expect(read.values).toEqual(load());
          else expect(load).toThrow();
        } finally {
          rmSync(folder, { recursive: true });
        }
      }),
    );
  });

  it('may all be set as the remedies of the doctor and of the log tell', () => {
    for (const name of Object.keys(READERS)) {
      const readFile = (file: string) => (file === 'functions/.env' ? `${name}=1` : undefined);
      expect(readParameters(PROJECT, readFile, { forEmulators: false }).fault).toBeUndefined();
    }
  });

  it('come from the file of the alias, or of the id', () => {
    const files: Readonly<Record<string, string>> = {
      'functions/.env': 'A=1\nB=2',
      'functions/.env.prod': 'A=3',
    };
    const readFile = (file: string) => files[file];
    expect(readParameters(PROJECT, readFile, { forEmulators: false })).toEqual({
      values: { A: '3', B: '2' },
      defaults: { A: '1', B: '2' },
      file: 'functions/.env.prod',
      hasOwn: true,
      fault: undefined,
    });
    const other = { projectId: 'other-app', alias: undefined };
    expect(readParameters(other, readFile, { forEmulators: false })).toMatchObject({
      file: 'functions/.env.other-app',
      hasOwn: false,
    });
  });
});
