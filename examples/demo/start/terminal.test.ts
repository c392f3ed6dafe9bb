import { stripVTControlCharacters } from 'node:util';
import { createTerminal } from './terminal';

const ESCAPE = '\u001b';

function createFake(isTTY: boolean, env: NodeJS.ProcessEnv = {}) {
  let text = '';
  // As in Node: only a terminal has isTTY.
  const stream = { ...(isTTY ? { isTTY } : {}), write: (more: string) => (text += more) };
  let clock = 0;
  const terminal = createTerminal({ stream, env, now: () => clock, skippedText: 'skipped' });
  return {
    terminal,
    passTime: (ms: number) => (clock += ms),
    written: () => {
      const written = text;
      text = '';
      return written;
    },
  };
}

describe('what npm start prints', () => {
  it('is one plain line per step without a terminal', () => {
    const { terminal, passTime, written } = createFake(false);

    terminal.start('Tiki simulator');
    passTime(1250);
    terminal.done();

    expect(written()).toMatch(/^ {2}✔ Tiki simulator +1\.3 s\n$/);
  });

  it('is a spinner on a terminal, then the finished line', () => {
    const { terminal, written } = createFake(true);

    terminal.start('Tiki simulator');
    expect(written()).toContain(`\r${ESCAPE}[2K`);
    terminal.done();

    const lastLine = written().split('\r').at(-1) ?? '';
    expect(stripVTControlCharacters(lastLine)).toMatch(/^ {2}✔ Tiki simulator +0\.0 s\n$/);
  });

  it('has no colours with NO_COLOR', () => {
    const { terminal, written } = createFake(true, { NO_COLOR: '1', CI: '1' });

    terminal.start('Tiki simulator');
    terminal.done();
    terminal.box([terminal.style.bold('Demo page')]);

    expect(written()).not.toContain(ESCAPE);
  });

  it('has no colours in a pipe, even on CI', () => {
    const { terminal, written } = createFake(false, { CI: '1' });

    terminal.start('Tiki simulator');
    terminal.done();
    terminal.box([terminal.style.bold('Demo page')]);

    expect(written()).not.toContain(ESCAPE);
  });

  it('explains why a step is skipped', () => {
    const { terminal, written } = createFake(false);

    terminal.start('Firestore');
    terminal.skipped('Java is not installed.');

    expect(written()).toMatch(/^ {2}– Firestore .*skipped\n {4}Java is not installed\.\n$/);
  });

  it('draws a box as wide as its longest line, ignoring colour codes', () => {
    const { terminal, written } = createFake(true);

    terminal.box([terminal.style.bold('ab'), 'abcd']);

    const lines = stripVTControlCharacters(written()).trimEnd().split('\n');
    expect(lines).toEqual(['  ╭────────╮', '  │  ab    │', '  │  abcd  │', '  ╰────────╯']);
  });
});
