import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { makeCertificates } from '@tiki-bridge/testing/google/certificates';
import { makeServiceAccount } from '@tiki-bridge/testing/google/service-account';
import { PROJECT, REGION } from '../doctor/fakes/google';
import { AS_HERE } from '../../../../functions/src/operator';
import { createProgram } from '../program';
import { runBridge } from '../run';
import type { DeployTask } from './command';
import { startDeployedProject } from './fakes/deployed-project';

const not = (name: string) => () => Promise.reject(new Error(`not ${name}`));

async function parse(args: readonly string[]): Promise<DeployTask | undefined> {
  let parsed: DeployTask | undefined;
  const program = createProgram({
    orders: not('orders'),
    push: not('push'),
    premium: not('premium'),
    user: not('a user'),
    audit: not('the audit trail'),
    doctor: not('the doctor'),
    token: not('a token'),
    deploy: (task) => {
      parsed = task;
      return Promise.resolve();
    },
  });
  await program.parseAsync(args, { from: 'user' });
  return parsed;
}

const SUBJECT = {
  projectId: PROJECT,
  alias: undefined,
  deployed: AS_HERE,
  region: REGION,
  domain: `https://${PROJECT}.web.app`,
  validationCode: undefined,
};

describe('the command line', () => {
  it('fills in what is usual', async () => {
    expect(await parse(['deploy', '--project', PROJECT])).toEqual({
      name: 'deploy',
      subject: SUBJECT,
      parts: ['functions', 'hosting', 'firestore'],
      test: false,
      yes: false,
    });
    expect(await parse(['rollback', '--project', PROJECT])).toEqual({
      name: 'rollback',
      subject: SUBJECT,
      before: undefined,
      parts: ['functions', 'hosting'],
      site: PROJECT,
      codebase: 'tiki-bridge',
      yes: false,
    });
  });

  it('takes parts, and a time with its zone', async () => {
    const deploy = await parse(['deploy', '--project', PROJECT, '--only', 'storage,functions']);
    const time = '2026-11-27T09:00+07:00';
    const rollback = await parse(['rollback', '--project', PROJECT, '--before', time]);

    expect(deploy).toMatchObject({ parts: ['functions', 'storage'] });
    expect(rollback).toMatchObject({ before: Date.parse('2026-11-27T02:00:00Z') });
  });

  it.each([
    [['deploy', '--project', 'demo-shop'], 'emulators only'],
    [['deploy', '--project', PROJECT, '--only', 'rules'], '"rules" is none of functions,'],
    [['rollback', '--project', PROJECT, '--only', 'firestore'], '"firestore" is none of'],
    [['rollback', '--project', PROJECT, '--before', '2026-11-27 09:00'], 'no time with its zone'],
    [['rollback', '--project', PROJECT, '--before', '2026-13-27T09:00Z'], 'no time with its zone'],
    [['rollback', '--project', PROJECT, '--site', 'a/../b'], '"a/../b" is not a name'],
  ])('refuses %j', async (args, message) => {
    await expect(parse(args)).rejects.toThrow(message);
  });
});

describe('npm run bridge --', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'deploy-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('deploy stops before it calls anything where the project has no parameters', async () => {
    const { code, stdout } = await runBridge(['deploy', '--project', PROJECT], { HOME: folder });

    expect(code).toBe(1);
    expect(stdout).toContain(`there is no functions/.env.${PROJECT}`);
  });

  it('rollback goes back, over TLS, with a key file', async () => {
    const hosts = [
      'cloudfunctions.googleapis.com',
      'firebasehosting.googleapis.com',
      'oauth2.googleapis.com',
      'run.googleapis.com',
      'www.googleapis.com',
      `${PROJECT}.web.app`,
    ];
    const tls = await makeCertificates(hosts);
    writeFileSync(path.join(folder, 'ca.pem'), tls.caPem);
    const key = path.join(folder, 'key.json');
    writeFileSync(key, JSON.stringify(makeServiceAccount('ci', PROJECT).keyFile), { mode: 0o600 });
    const project = await startDeployedProject(tls);
    try {
      for (const behaviour of ['invalid-code', 'misconfigured'] as const) {
        project.deployFunctions(['auth'], behaviour);
        project.deployHosting();
        project.now += 24 * 3_600_000;
      }
      const { code, stdout, stderr } = await runBridge(
        ['rollback', '--project', PROJECT, '--yes'],
        {
          HOME: folder,
          GOOGLE_APPLICATION_CREDENTIALS: key,
          NODE_OPTIONS: `--require ${require.resolve('@tiki-bridge/testing/google/map-hosts.cjs')}`,
          NODE_EXTRA_CA_CERTS: path.join(folder, 'ca.pem'),
          MAP_HOSTS: JSON.stringify(
            Object.fromEntries(hosts.map((host) => [host, project.address])),
          ),
        },
      );

      expect(stderr).toBe('');
      expect(stdout).toContain('the chain works.');
      expect(code).toBe(0);
      expect(project.serving()).toEqual({ auth: 'auth-00001-abc', hosting: 'v1' });
    } finally {
      await project.close();
    }
  });
});
