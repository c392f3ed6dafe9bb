import { decodeToken } from './decode';

const encode = (value: unknown) =>
  btoa(String.fromCharCode(...new TextEncoder().encode(JSON.stringify(value))))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');

describe('decodeToken', () => {
  it('reads header and claims, including Vietnamese text and URL-safe characters', () => {
    const header = { alg: 'none', typ: 'JWT' };
    const claims = { name: 'Phạm Ngọc Ánh', odd: '??>>~~' };
    const jwt = `${encode(header)}.${encode(claims)}.`;
    expect(jwt).toMatch(/[-_]/);

    expect(decodeToken(jwt)).toEqual({ header, claims });
  });

  it.each(['', 'abc', `${encode({})}.${encode([1])}.`, `${encode('text')}.${encode({})}.`])(
    'rejects %p',
    (text) => {
      expect(() => decodeToken(text)).toThrow();
    },
  );
});
