import fc from 'fast-check';
import { Problem } from '../problem';
import { readCredential } from './routes';

function faultOf(body: unknown) {
  try {
    readCredential(body, 'code');
  } catch (error) {
    if (error instanceof Problem && error.code === 'invalid-request') return error.extras.request;
    throw error;
  }
  throw new Error('the body was accepted');
}

describe('readCredential', () => {
  it('takes a credential of visible ASCII and ignores other keys', () => {
    expect(readCredential({ code: 'abc.DEF-_~', scopes: ['x'] }, 'code')).toBe('abc.DEF-_~');
    expect(readCredential({ code: 'a'.repeat(4_096) }, 'code')).toHaveLength(4_096);
  });

  it.each([
    [{}, 'missing'],
    [{ Code: 'a' }, 'missing'],
    [{ code: null }, 'not-a-string'],
    [{ code: 1 }, 'not-a-string'],
    [{ code: ['a'] }, 'not-a-string'],
    [{ code: '' }, 'empty'],
    [{ code: 'a'.repeat(4_097) }, 'too-long'],
    [{ code: 'a b' }, 'bad-characters'],
    [{ code: 'a\n' }, 'bad-characters'],
    [{ code: 'mã' }, 'bad-characters'],
    [{ code: 'a\u0000' }, 'bad-characters'],
  ])('names the field and the fault of %j', (body, fault) => {
    expect(faultOf(body)).toEqual({ field: 'code', fault });
  });

  it.each([undefined, null, 'code', 1, [], [{ code: 'a' }], Buffer.from('{"code":"a"}')])(
    'refuses %p, which is no object',
    (body) => {
      expect(faultOf(body)).toEqual({ body: 'not-an-object' });
    },
  );

  it('borrows nothing from a prototype', () => {
    expect(faultOf(Object.create({ code: 'a' }))).toEqual({ field: 'code', fault: 'missing' });
    expect(faultOf(JSON.parse('{"__proto__":{"code":"a"}}'))).toEqual({
      field: 'code',
      fault: 'missing',
    });
  });

  it('either returns the string it was given or throws invalid-request', () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.record({ code: fc.anything() })), (body) => {
        try {
          expect(readCredential(body, 'code')).toBe(Reflect.get(body as object, 'code'));
        } catch (error) {
          expect(error).toMatchObject({ code: 'invalid-request' });
        }
      }),
      { numRuns: 1000 },
    );
  });
});
