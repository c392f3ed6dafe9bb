import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { PROJECT_ROOT } from '@tiki-bridge/testing/emulators/project-files';
import { nextSteps, untilReady } from './next-steps';

const serve = (...args: string[]) =>
  spawnSync(
    process.execPath,
    ['--import', 'tsx', path.join(__dirname, 'serve.ts'), ...args],
    // Ends emulators that should not have been started.
    { encoding: 'utf8', timeout: 60_000 },
  );

describe('npm run serve', () => {
  it('explains itself with --help, and starts nothing', () => {
    expect(serve('--help')).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^npm run serve /) as string,
    });
  });

  it.each(['--port', 'emulators'])('refuses the unknown argument %s by name', (argument) => {
    expect(serve(argument)).toMatchObject({
      status: 1,
      stdout: '',
      stderr: expect.stringMatching(
        new RegExp(`'${argument}'.*\nWhat it takes: npm run serve -- --help\n$`),
      ) as string,
    });
  });

  it('waits until the bridge answers through Hosting, not only Hosting', async () => {
    const statuses = [404, 400];
    const seen: (string | undefined)[] = [];
    const hosting = createServer(({ method, url }, response) => {
      seen.push(`${method} ${url}`);
      response.writeHead(statuses[seen.length - 1] ?? 200).end();
    }).listen(0, '127.0.0.1');
    await once(hosting, 'listening');
    const { port } = hosting.address() as AddressInfo;
    await untilReady(`http://127.0.0.1:${port}`, new AbortController().signal);
    hosting.close();
    expect(seen).toEqual(statuses.map(() => 'POST /auth_exchange'));
  });

  it('stops waiting when the emulators have ended', async () => {
    await expect(untilReady('http://127.0.0.1:9', AbortSignal.abort())).resolves.toBeUndefined();
  });

  it('says what to do next, with commands that exist', () => {
    const { scripts } = JSON.parse(
      readFileSync(path.join(PROJECT_ROOT, 'package.json'), 'utf8'),
    ) as { readonly scripts: Readonly<Record<string, string>> };
    const text = nextSteps('http://127.0.0.1:5002');
    const named = [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name);
    expect(named).toEqual(['tiki-simulator', 'tini-app', 'build']);
    for (const name of named) expect(scripts).toHaveProperty([name]);
    expect(text).toContain('http://127.0.0.1:5002/auth_exchange');
  });
});
