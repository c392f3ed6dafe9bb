import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { UsageError } from './command-line';
import { chooseTarget, readDatabaseUrl } from './target';

const emulators = {
  FIRESTORE_EMULATOR_HOST: '127.0.0.1:8080',
  FIREBASE_AUTH_EMULATOR_HOST: '127.0.0.1:9099',
};
const noMirror = () => undefined;
const mirror = () => 'https://my-app.firebaseio.com';

describe('what npm run premium acts on', () => {
  it('is the emulators that the environment names', () => {
    expect(chooseTarget(undefined, emulators, noMirror)).toEqual({
      kind: 'emulators',
      projectId: 'demo-tiki-bridge',
      databaseUrl: undefined,
      description:
        'Acting on the emulators at 127.0.0.1:8080, 127.0.0.1:9099 (project demo-tiki-bridge)',
    });
  });

  it('is a real project only when --project says so', () => {
    expect(chooseTarget('my-app', {}, mirror)).toEqual({
      kind: 'project',
      projectId: 'my-app',
      databaseUrl: 'https://my-app.firebaseio.com',
      description: 'Acting on the REAL project my-app, mirrored to https://my-app.firebaseio.com',
    });
    expect(() => chooseTarget(undefined, {}, noMirror)).toThrow(/Say what to act on/);
  });

  it.each([
    [
      'a document here and an account there',
      'my-app',
      { FIRESTORE_EMULATOR_HOST: 'a:1' },
      noMirror,
    ],
    [
      'an account here and a document there',
      'my-app',
      { FIREBASE_AUTH_EMULATOR_HOST: 'a:1' },
      noMirror,
    ],
    ['emulators and a real mirror', undefined, emulators, mirror],
    ['a real project with a name of the emulators', 'demo-app', {}, noMirror],
    ['what cannot be a project', 'My App', {}, noMirror],
  ])('is never %s', (_, project, env, databaseUrlOf) => {
    expect(() => chooseTarget(project, env, databaseUrlOf)).toThrow(UsageError);
  });

  it('has the mirror that the functions are deployed with', () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'premium-target-'));
    try {
      expect(readDatabaseUrl('my-app', folder)).toBeUndefined();
      writeFileSync(path.join(folder, '.env'), 'PREMIUM_DATABASE_URL=https://all.example\n');
      expect(readDatabaseUrl('my-app', folder)).toBe('https://all.example');
      writeFileSync(
        path.join(folder, '.env.my-app'),
        'PREMIUM_DATABASE_URL="https://one.example"\n',
      );
      expect(readDatabaseUrl('my-app', folder)).toBe('https://one.example');
      writeFileSync(path.join(folder, '.env.my-app'), 'PREMIUM_DATABASE_URL=\n');
      expect(readDatabaseUrl('my-app', folder)).toBeUndefined();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
