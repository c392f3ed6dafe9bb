import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { PROJECT_ENV } from '../project';
import type { UpstreamAddresses } from '../upstreams/process';
import type { Endpoint, Target } from './target';

/** Only Debian's own Python finds Debian's packages. */
const PYTHONS = ['/usr/bin/python3', 'python3', 'python'];

function findPython(): string | undefined {
  return PYTHONS.find(
    (python) =>
      spawnSync(python, ['-c', 'import flask, gunicorn'], { stdio: 'ignore' }).status === 0,
  );
}

/**
 * Starts the guide's backend, app.py, under gunicorn with one worker and eight threads.
 *
 * @returns undefined if Flask or gunicorn is not installed.
 */
export async function startGuide(
  addresses: UpstreamAddresses,
): Promise<(Endpoint & Pick<Target, 'stop'>) | undefined> {
  const python = findPython();
  if (python === undefined) return undefined;
  const options = ['--workers=1', '--threads=8', '--bind=127.0.0.1:0'];
  const child = spawn(python, ['-m', 'gunicorn', ...options, 'app:app'], {
    cwd: join(__dirname, 'guide'),
    env: {
      PATH: process.env.PATH,
      PYTHONDONTWRITEBYTECODE: '1',
      ...PROJECT_ENV,
      TIKI_API_BASE_URL: addresses.tiki,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const kill = (): void => {
    child.kill('SIGTERM');
  };
  process.once('exit', kill);
  const stop = async (): Promise<void> => {
    process.off('exit', kill);
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    kill();
    await exit;
  };
  for await (const line of createInterface({ input: child.stderr })) {
    const origin = /Listening at: (http:\/\/\S+)/.exec(line)?.[1];
    if (origin === undefined) continue;
    child.stderr.resume();
    return { name: 'the guide', origin, stop };
  }
  throw new Error('gunicorn ended before it listened');
}
