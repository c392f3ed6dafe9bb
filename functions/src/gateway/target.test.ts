import { array, assert, constantFrom, oneof, property, string, webSegment } from 'fast-check';
import { Problem } from '../problem';
import { parseTarget, pathSegment, readQuery } from './target';

const refused = (run: () => unknown): boolean => {
  try {
    run();
    return false;
  } catch (error) {
    return error instanceof Problem && error.code === 'invalid-request';
  }
};

describe('parseTarget', () => {
  it('cuts at the first question mark', () => {
    expect(parseTarget('/a/b?c=?d')).toEqual({ path: '/a/b', query: 'c=?d' });
    expect(parseTarget('/a')).toEqual({ path: '/a', query: '' });
  });

  it('takes no path with an empty part, whatever it is made of', () => {
    const part = oneof(
      webSegment(),
      string({ maxLength: 3 }),
      string({ unit: 'binary', maxLength: 2 }),
      constantFrom('', '..', '%2F', 'a:b'),
    );
    assert(
      property(array(part, { minLength: 1, maxLength: 4 }), (parts) => {
        const target = parseTarget(`/${parts.join('/')}`);
        return target === undefined || !/[^/]\/$|\/\/|[\\#\s]/.test(target.path);
      }),
    );
  });

  it('has a greatest length', () => {
    expect(parseTarget(`/${'a'.repeat(8_191)}`)).toBeDefined();
    expect(refused(() => parseTarget(`/${'a'.repeat(8_192)}`))).toBe(true);
  });
});

describe('pathSegment', () => {
  it('sends what it judged: one part, in one spelling, of the same id', () => {
    assert(
      property(oneof(string({ unit: 'binary' }), string({ unit: 'grapheme' })), (id) => {
        let raw: string;
        try {
          raw = encodeURIComponent(id);
        } catch {
          return; // Half of a surrogate pair: there is no way to write it.
        }
        if (refused(() => pathSegment(raw))) {
          expect(id).toMatch(/^\.\.?$|\//);
          return;
        }
        const sent = pathSegment(raw);
        expect(sent).toBe(raw);
        expect(sent).not.toMatch(/%2F|^\.\.?$|:/i);
      }),
    );
  });

  it('judges whatever stands on the wire, and never decodes twice', () => {
    const escape = constantFrom('%41', '%2e', '%2F', '%25', '%2541', '%C3%A0', '%3a');
    const written = array(oneof(string({ unit: 'grapheme-ascii' }), escape));
    assert(
      property(written, (pieces) => {
        const raw = pieces.join('');
        if (refused(() => pathSegment(raw))) return;
        const sent = pathSegment(raw);
        expect(decodeURIComponent(sent)).toBe(decodeURIComponent(raw));
        expect(pathSegment(sent)).toBe(sent);
        expect(sent).toMatch(/^(?:[\w.!~*'()-]|%[0-9A-F]{2})*$/);
      }),
    );
  });
});

describe('readQuery', () => {
  const parameters = { once: ['pageSize'], repeated: ['mask.fieldPaths'] };

  it.each([
    ['', []],
    ['pageSize=1', ['pageSize=1']],
    ['pageSize', ['pageSize=']],
    [
      'mask.fieldPaths=a=b&mask.fieldPaths=%60c%60',
      ['mask.fieldPaths=a%3Db', 'mask.fieldPaths=%60c%60'],
    ],
    ['pageSize=a+b%2Bc', ['pageSize=a%20b%2Bc']],
    ['pageSize=a#b', ['pageSize=a%23b']],
  ])('writes %j anew', (raw, pairs) => {
    expect(readQuery(raw, parameters)).toEqual({ pairs, apiKey: undefined });
  });

  it('sets the API key apart', () => {
    const { pairs, apiKey } = readQuery('key=a%2Bb&pageSize=1', parameters);
    expect([pairs, apiKey]).toEqual([['pageSize=1'], 'a+b']);
  });

  it.each(['other=1', 'pageSize=1&pageSize=2', 'key=1&key=2', 'pageSize=%', '&', 'pagesize=1'])(
    'refuses %j',
    (raw) => {
      expect(refused(() => readQuery(raw, parameters))).toBe(true);
    },
  );

  it('lets no value out of its place', () => {
    assert(
      property(string(), (raw) => {
        if (refused(() => readQuery(`pageSize=${raw}`, parameters))) return true;
        const { pairs } = readQuery(`pageSize=${raw}`, parameters);
        return /^pageSize=[\w.!~*'()%-]*$/.test(pairs.join('&'));
      }),
    );
  });
});
