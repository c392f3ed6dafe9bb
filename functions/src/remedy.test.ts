import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { setParameters, sh, shellQuote } from './remedy';

/** The arguments that a shell hands to the command of a printed line, here called `operate`. */
function argumentsIn(shell: string, line: string): string[] {
  const script = `operate() { printf '%s\\0' "$@"; }\n${line}`;
  // Bash takes a socket as its input for a remote login, and would read .bashrc.
  const { stdout, stderr } = spawnSync(shell, ['-c', script], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  expect(stderr).toBe('');
  return stdout.split('\0').slice(0, -1);
}

const HOSTILE = [
  '$(touch pwned)',
  '`touch pwned`',
  'a; touch pwned',
  'https://x;{touch,pwned};.example/',
  '{a,b}',
  "it's",
  "'; touch pwned; '",
  '"quoted" $HOME',
  '*',
  '~',
  '!!',
  '#',
  '=ls',
  '-rf',
  'a && b | c > d < e',
  String.raw`back\slash`,
  'Nguyễn Văn A',
  '',
];

describe.each(['/bin/sh', '/bin/bash'])('a printed command in %s', (shell) => {
  it('gets exactly the values that were put in, each as one argument', () => {
    const line = HOSTILE.map((value) => sh`operate ${value} --with=${value}`).join('\n');
    expect(argumentsIn(shell, line)).toEqual(
      HOSTILE.flatMap((value) => [value, `--with=${value}`]),
    );
  });

  it('gets any text whatsoever that a terminal shows', () => {
    const characters = Array.from('ab \'"$`\\;|&(){}[]*?~!#=-<>%^,ệ');
    const shown = fc.string({ unit: fc.constantFrom(...characters) });
    const values = fc.sample(shown, 500);
    const line = values.map((value) => sh`operate ${value}`).join('\n');
    expect(argumentsIn(shell, line)).toEqual(values);
  });
});

it.each(['a\nb', 'a\rb', '\u001b[2J', 'a\u202Eb', 'a\u200Bb', 'a\u0085b', 'a\u2028b', '\u0000'])(
  'has a placeholder for what a terminal does not show as it is: %j',
  (value) => {
    expect(shellQuote(value)).toBe("'<unprintable>'");
  },
);

it('leaves ordinary names without quotes', () => {
  for (const name of ['my-app', 'example.com:my-app', 'a@b.iam.gserviceaccount.com', 'x/1.2_3']) {
    expect(shellQuote(name)).toBe(name);
  }
});

it('says where a parameter belongs, also if the project has an alias', () => {
  expect(setParameters('set A=1', 'functions', 'my-app')).toBe(
    'set A=1 in functions/.env.my-app (or .env.<alias>, if you have that), then ' +
      '`npx firebase deploy --only functions --project my-app` (or the alias)',
  );
});
