import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startFirestoreEngine } from './firestore';
import { findFirestoreJars } from './firestore-jar';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'firestore-test-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A JAVA_HOME whose `java` prints the version and runs `script` for any other call. */
function javaHome(version: string, script: string): string {
  mkdirSync(path.join(folder, 'java', 'bin'), { recursive: true });
  writeFileSync(
    path.join(folder, 'java', 'bin', 'java'),
    `#!/bin/sh\nif [ "$1" = -version ]; then echo 'openjdk version "${version}"' >&2; exit; fi\n${script}\n`,
    { mode: 0o755 },
  );
  return path.join(folder, 'java');
}

function placeFile(...names: string[]): string {
  const file = path.join(folder, ...names);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, '');
  return file;
}

const CLOUD_CLI = ['platform', 'cloud-firestore-emulator', 'cloud-firestore-emulator.jar'] as const;

describe('the search for a Firestore emulator', () => {
  it("prefers the Google Cloud CLI's, then the newest of firebase-tools", () => {
    const fromCli = placeFile('sdk', ...CLOUD_CLI);
    const older = placeFile('cache', 'cloud-firestore-emulator-v1.9.9.jar');
    const newer = placeFile('cache', 'cloud-firestore-emulator-v1.20.2.jar');
    placeFile('cache', 'firebase-database-emulator-v4.11.2.jar');

    const found = findFirestoreJars(
      {
        CLOUDSDK_ROOT_DIR: path.join(folder, 'sdk'),
        FIREBASE_EMULATORS_PATH: path.join(folder, 'cache'),
      },
      folder,
    ).map(({ file }) => file);

    expect(found.filter((file) => file.startsWith(folder))).toEqual([fromCli, newer, older]);
  });

  it('finds a Google Cloud CLI in the home folder', () => {
    const jar = placeFile('google-cloud-sdk', ...CLOUD_CLI);

    expect(findFirestoreJars({}, folder).map(({ file }) => file)).toContain(jar);
  });
});

describe('a Firestore engine that cannot start', () => {
  const projectId = 'demo-test';

  it('reports missing Java', async () => {
    const engine = await startFirestoreEngine({ projectId, env: { PATH: folder } });

    expect(engine).toHaveProperty('unavailable', expect.stringContaining('Java is not installed'));
  });

  it('reports that it needs a newer Java', async () => {
    const tooOld =
      'echo "Error: java.lang.UnsupportedClassVersionError: class file version 65.0" >&2; exit 1';
    const env = {
      PATH: process.env['PATH'],
      JAVA_HOME: javaHome('11.0.2', tooOld),
      CLOUDSDK_ROOT_DIR: path.join(folder, 'sdk'),
    };
    placeFile('sdk', ...CLOUD_CLI);

    const engine = await startFirestoreEngine({ projectId, env, homeFolder: folder });

    expect(engine).toHaveProperty('unavailable', expect.stringContaining('newer Java than 11'));
  });

  it('fails with its last output when it exits during the start', async () => {
    const env = {
      PATH: process.env['PATH'],
      JAVA_HOME: javaHome('21.0.1', 'echo "rules line 3: mismatched input"; exit 3'),
      CLOUDSDK_ROOT_DIR: path.join(folder, 'sdk'),
    };
    placeFile('sdk', ...CLOUD_CLI);

    const engine = startFirestoreEngine({ projectId, env, homeFolder: folder });

    await expect(engine).rejects.toThrow(/exit code 3[\s\S]*rules line 3: mismatched input/);
  });
});
