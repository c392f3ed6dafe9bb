import { stripVTControlCharacters } from 'node:util';
import { PROJECT_CHECKS } from './checks';
import type { Finding } from './finding';
import { listReport } from './report';

const FINDINGS: readonly Finding[] = [
  { check: 'node', state: 'ok', message: '24.3.0' },
  { check: 'firebase-tools', state: 'warning', message: 'old', remedy: 'npm ci' },
  {
    check: 'function',
    state: 'failed',
    message: 'a message that is far too long for one line of a narrow terminal',
    remedy:
      '# a hint, then\nnpx firebase deploy --only functions:tiki-bridge:auth --project tiki-shop --and --so --on',
  },
  { check: 'hosting', state: 'not-checked', message: 'why' },
];

function print(colours: boolean, findings = FINDINGS): string {
  let text = '';
  const report = listReport({ write: (more) => (text += more), colours, columns: 70 });
  report.start(undefined);
  for (const finding of findings) {
    const check = PROJECT_CHECKS.find(({ name }) => name === finding.check);
    if (check) report.add(finding, check);
  }
  report.end(findings);
  return text;
}

it('lists what was found, by area, with the commands as they are to be copied', () => {
  expect(print(false)).toBe(`
  Doctor · this machine

  This machine
  ✓ Node.js              24.3.0
  ! Firebase CLI         old
      npm ci

  Google Cloud
  ✗ Function             a message that is far too long for one line
                         of a narrow terminal
      # a hint, then
      npx firebase deploy --only functions:tiki-bridge:auth --project tiki-shop --and --so --on

  Way in
  – Hosting              not checked: why

  1 ok, 1 warning, 1 failed, 1 not checked

`);
});

it('uses colours where they are wanted, and says the same', () => {
  const coloured = print(true);
  expect(coloured).toContain('\u001b[31m✗');
  expect(stripVTControlCharacters(coloured)).toBe(print(false));
});
