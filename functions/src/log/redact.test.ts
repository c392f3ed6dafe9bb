import fc from 'fast-check';
import { redact, withoutSecrets } from './redact';

const visibleAscii = fc
  .array(fc.integer({ min: 0x21, max: 0x7e }), { minLength: 1, maxLength: 80 })
  .map((codes) => String.fromCharCode(...codes));

describe('redact', () => {
  it('removes the given secrets from any text', () => {
    fc.assert(
      fc.property(
        fc.array(visibleAscii, { minLength: 1, maxLength: 4 }),
        fc.array(fc.string({ unit: 'binary' })),
        (secrets, texts) => {
          const text = texts.flatMap((part, at) => [part, secrets[at % secrets.length]]).join('');
          const redacted = redact(text, secrets);
          for (const secret of secrets) expect(redacted).not.toContain(secret);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('removes everything that looks like a credential', () => {
    const credential = fc.stringMatching(/^[A-Za-z0-9_-]{20,200}(\.[A-Za-z0-9_-]{1,200}){0,2}$/);
    fc.assert(
      fc.property(fc.lorem(), credential, fc.lorem(), (before, secret, after) => {
        expect(redact(`${before} ${secret} ${after}`, [])).not.toContain(secret);
        expect(redact(`${before}"${secret}"${after}`, [])).not.toContain(secret);
      }),
      { numRuns: 1000 },
    );
  });

  it('keeps plain words', () => {
    expect(redact('connect ECONNREFUSED 127.0.0.1:443', ['secret'])).toBe(
      'connect ECONNREFUSED 127.0.0.1:443',
    );
  });
});

describe('withoutSecrets', () => {
  it('masks all of a secret that contains another', () => {
    expect(withoutSecrets('x abcdef y', ['bcd', 'abcdef', ''])).toBe('x ••• y');
  });
});
