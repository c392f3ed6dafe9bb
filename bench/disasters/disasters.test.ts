import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { cleanEnvironment } from '@tiki-bridge/testing/emulators/clean-environment';
import { DISASTERS } from './disasters';

const ROOT = resolve(__dirname, '../..');

it('plays the whole game day against the built functions', async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    // Built before any test of this folder.
    ['--import', 'tsx', 'bench/main.ts', '--disasters', '--quick', '--source', 'functions'],
    { cwd: ROOT, env: cleanEnvironment(process.env, {}) },
  );
  const [, ...played] = stdout.split('\n\n');
  const seen = Object.fromEntries(
    played.slice(0, DISASTERS.length).map((text) => {
      const [name = '', before, during = '', recovered, after] = text.trim().split('\n');
      expect(before).toMatch(/^ {2}before {2}\d+ ok; longest wait \d+\.\d s$/);
      expect(recovered).toMatch(/^ {2}recovered \d+\.\d s after its end$/);
      expect(after).toMatch(/^ {2}after {3}\d+ ok; /);
      return [name, during.replace(/;.*$/, '').replaceAll(/\d+ /g, '').trim()];
    }),
  );
  expect(seen).toEqual({
    'Tiki is down': 'during  tiki-unavailable',
    'Tiki is silent': 'during  tiki-timeout',
    "IAM's quota is exhausted": 'during  signing-unavailable',
    'Firestore is gone': 'during  ok',
    'A wrong deployment': 'during  misconfigured',
    'A new secret': 'during  ok',
  });
});

describe('the runbook', () => {
  const runbook = readFileSync(join(ROOT, 'docs/runbook.md'), 'utf8');
  // Silence is a way of being down, and a new secret is no disaster: that is what is shown.
  const aliases: Readonly<Record<string, string>> = {
    'Tiki is silent': 'Tiki is down',
    'A new secret': "Tiki's client secret",
  };
  const played = DISASTERS.map(({ name }) => aliases[name] ?? name);

  it('has a heading for each', () => {
    expect(played.filter((name) => !runbook.includes(`\n### ${name}\n`))).toEqual([]);
  });

  it('names a test for each of its disasters that is not played', () => {
    const [, section = ''] = /\n## Disasters\n([^]*?)\n## /.exec(runbook) ?? [];
    const [intro = ''] = section.split('\n### ');
    const headings = [...section.matchAll(/^### (.*)$/gm)].map(([, heading = '']) => heading);
    const others = headings.filter((heading) => !played.includes(heading));
    const tested = [...intro.matchAll(/^\| (.*?): .*\| `[\w/-]+\.test\.ts` *\|$/gm)];

    expect(others.length).toBeLessThan(headings.length);
    expect(tested.map(([, name = '']) => name)).toEqual(expect.arrayContaining(others));
  });
});
