import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { jsonAnswer } from '@tiki-bridge/testing/google/loopback-fake';
import { listReport } from './report';
import { clinicForEachTest, healthyWorld } from './fakes/clinic';
import {
  AT,
  functionJson,
  googleError,
  HEALTHY,
  policyJson,
  RUNTIME_ACCOUNT,
} from './fakes/google';
import type { Routes } from './fakes/internet';
import type { Finding } from './finding';

const clinic = clinicForEachTest();

/** What a stranger may put into an answer, a header, a variable or a file. */
const HOSTILE = [
  '$(touch pwned)',
  '`touch pwned`',
  'x; touch pwned',
  'x;{touch,pwned};',
  "x'; touch pwned; '",
  'x\ntouch pwned',
  '\u001b[2J\u001b]0;pwned\u0007',
  '\u202Etouch pwned',
  '-rf',
  '> pwned',
];

/** Commands that remedies consist of; here they print their arguments. */
const STUBS = ['gcloud', 'npx', 'npm', 'curl', 'nslookup', 'sudo', 'nvm', 'lsof', 'git'];
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'remedies-'));
  const bin = path.join(folder, 'bin');
  mkdirSync(bin);
  for (const name of STUBS) {
    writeFileSync(path.join(bin, name), '#!/bin/sh\nprintf "[%s]" "$@"\n');
    chmodSync(path.join(bin, name), 0o755);
  }
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Pastes the lines as an operator would; placeholders such as <code> are for them to fill in. */
function paste(shell: string, remedy: string): string {
  const cwd = mkdtempSync(path.join(folder, 'shell-'));
  mkdirSync(path.join(cwd, 'functions'));
  const script = remedy.replaceAll(/(?<!['\w])<[a-z ]+>/g, 'filled-in');
  // `touch` is there: a line that gets away is noticed.
  const env = { PATH: `${path.join(folder, 'bin')}:/usr/bin:/bin` };
  // Bash takes a socket as its input for a remote login, and would read .bashrc.
  const { stdout, stderr } = spawnSync(shell, ['-c', script], {
    cwd,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  expect(stderr).toBe('');
  expect(readdirSync(cwd)).toEqual(['functions']);
  for (const name of readdirSync(path.join(cwd, 'functions'))) expect(name).toMatch(/^\.env/);
  return stdout;
}

/** The findings as a terminal shows them. */
function shown(findings: readonly Finding[]): string {
  let text = '';
  const paper = { write: (more: string) => (text += more), colours: false, columns: 100 };
  const report = listReport(paper);
  const check = { title: 'Check', area: 'Tiki' } as Parameters<typeof report.add>[1];
  for (const finding of findings) report.add(finding, check);
  return text;
}

function expectHarmless(findings: readonly Finding[]): void {
  expect(shown(findings)).not.toMatch(/(?!\n)\p{Cc}|[\u202a-\u202e]/u);
  for (const { remedy } of findings) {
    if (remedy === undefined) continue;
    for (const shell of ['/bin/sh', '/bin/bash']) paste(shell, remedy);
  }
}

const redirect = (location: string) => ({
  status: 302,
  headers: { Location: location },
  body: '<html>',
});

describe.each(HOSTILE)('with %j', (value) => {
  const oneLine = value.replaceAll(/[^\x20-\x7e]/g, '');

  it.each<[string, Routes]>([
    [
      'in redirects, parameters, roles, errors and answers of Tiki',
      {
        [AT.hosting]: redirect(`https://${oneLine.replaceAll(' ', '')}.example/`),
        [AT.functionItself]: redirect(`https://${oneLine}/`),
        [AT.gatewayByHosting]: redirect(oneLine),
        [AT.function]: functionJson({
          environmentVariables: { TIKI_CLIENT_KEY: 'a', ALLOWED_ORIGINS: value },
        }),
        [AT.gateway]: functionJson({ environmentVariables: { WEB_API_KEY: value } }, 'gateway'),
        [AT.projectPolicy]: policyJson({ role: `roles/${value}`, members: [value] }),
        [AT.accountPolicy(RUNTIME_ACCOUNT)]: jsonAnswer(403, {
          error: {
            code: 403,
            status: value,
            message: value,
            details: [{ reason: 'SERVICE_DISABLED', metadata: { service: value } }],
          },
        }),
        'POST api.tiki.vn/tiniapp-open-api/oauth/auth/token': jsonAnswer(400, {
          data: null,
          error: { reason: value, metadata: { service_code: value, request_id: value } },
        }),
      },
    ],
    [
      "in a function's account, secret and parameters",
      {
        [AT.function]: functionJson({
          serviceAccountEmail: `${oneLine.replaceAll(/[^\w'-]/g, '')}@x.example.com`,
          environmentVariables: {
            TIKI_CLIENT_KEY: value,
            TIKI_API_BASE_URL: `https://${value}/`,
            SIGNING_SERVICE_ACCOUNT: value,
          },
          secretEnvironmentVariables: [
            { key: 'TIKI_CLIENT_SECRET', projectId: value, secret: value, version: '3' },
          ],
        }),
        [AT.gateway]: functionJson({ state: value, runtime: value }, 'gateway'),
      },
    ],
    [
      "in a function's addresses",
      {
        [AT.function]: jsonAnswer(200, {
          state: 'ACTIVE',
          buildConfig: { runtime: 'nodejs24' },
          serviceConfig: {
            service: `projects/x/locations/y/services/auth`,
            uri: `https://${value}.example/`,
            serviceAccountEmail: RUNTIME_ACCOUNT,
          },
        }),
        [AT.gateway]: googleError(404, 'NOT_FOUND'),
        [AT.functions]: jsonAnswer(200, {
          functions: [{ name: `projects/x/locations/${value}/functions/gateway` }],
        }),
      },
    ],
  ])('%s, every remedy is harmless to paste', async (_, routes) => {
    const { readFile } = healthyWorld();
    // Without the project's parameters, those that are deployed are part of a remedy.
    const readOthers = (file: string) => (file.includes('.env.') ? undefined : readFile(file));
    expectHarmless(await clinic.examine({ ...HEALTHY, ...routes }, { readFile: readOthers }));
  });

  it('as an alias, it arrives as one argument', async () => {
    const findings = await clinic.examine(
      { [AT.function]: googleError(404, 'NOT_FOUND') },
      {},
      { alias: value },
    );
    expectHarmless(findings);
    const { remedy = '' } = findings.find(({ check }) => check === 'function') ?? {};
    const arrived = oneLine === value ? value : '<unprintable>';
    for (const shell of ['/bin/sh', '/bin/bash']) {
      expect(paste(shell, remedy)).toBe(
        `[firebase][deploy][--only][functions:tiki-bridge:auth][--project][${arrived}]`,
      );
    }
  });
});
