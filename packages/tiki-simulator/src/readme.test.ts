import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { parseCommandLine } from './command-line';
import { startTikiSimulator } from './server';
import type { TikiSimulator } from './types';

const ROOT = path.join(__dirname, '../../..');
const PAGES = ['packages/tiki-simulator/README.md', 'docs/payments.md', 'docs/tini-app.md'];

/** Where the documents' simulator listens. */
const DOCUMENTED = 'http://127.0.0.1:9010';

const BLOCKS = PAGES.flatMap((page) => {
  const text = readFileSync(path.join(ROOT, page), 'utf8');
  return [...text.matchAll(/^ *```sh\n(.*?)^ *```/gms)].map(
    ([, code = '']) => [page, code] as const,
  );
});

const COMMANDS = BLOCKS.flatMap(([page, code]) =>
  [...code.matchAll(/npm run tiki-simulator(?: -- ([^#\n]*))?/g)].map(
    ([, args = '']) => [page, args.trim()] as const,
  ),
);

/** Calls of the simulator, without the commands beside them. */
const CALLS = BLOCKS.filter(([, code]) => code.includes(DOCUMENTED)).map(
  ([page, code]) => [page, code.replace(/^npm run .*$/gm, '')] as const,
);

it('finds the commands of the documents', () => {
  expect(COMMANDS.length).toBeGreaterThan(5);
  expect(CALLS.length).toBeGreaterThan(5);
});

it.each(COMMANDS)('%s: npm run tiki-simulator -- %s', (_, args) => {
  const words = args.split(/\s+/).filter((word) => word !== '');

  expect(['start', 'trigger']).toContain(parseCommandLine(words).name);
});

describe('a call', () => {
  let simulator: TikiSimulator;
  beforeAll(async () => {
    simulator = await startTikiSimulator({
      clientKey: 'demo-client-key',
      clientSecret: 'demo-client-secret',
      schedule: 'advance',
    });
  });
  afterAll(() => simulator.close());

  it.each(CALLS)('%s: succeeds as it is written: %s', async (_, code) => {
    const { authCode } = simulator.issueAuthCode({ customerId: '1001' });
    const script = code
      .replaceAll(DOCUMENTED, new URL(simulator.apiBaseUrl).origin)
      .replace('…the authCode…', authCode);

    const { stdout } = await promisify(execFile)('bash', [
      ...['-euo', 'pipefail', '-c'],
      `curl() { command curl --silent --show-error --fail "$@"; }\n${script}`,
    ]);

    expect(JSON.parse(stdout)).toEqual(expect.any(Object));
    expect(stdout).not.toContain('"reason"');
  });
});
