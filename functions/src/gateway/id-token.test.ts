import { assert, property, string } from 'fast-check';
import { isIdTokenOf } from './id-token';

const PROJECT = 'my-project';
const ISSUER = `https://securetoken.google.com/${PROJECT}`;

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const token = (payload: unknown, signature = 'c2lnbmF0dXJl') =>
  `${part({ alg: 'RS256', typ: 'JWT' })}.${part(payload)}.${signature}`;

describe('isIdTokenOf', () => {
  it.each([
    ['signed by Google', token({ iss: ISSUER, aud: PROJECT, sub: 'tiki:7' })],
    ['of the Auth emulator, unsigned', token({ iss: ISSUER, sub: 'tiki:7' }, '')],
    ['with a name that is not ASCII', token({ name: 'Nguyễn Văn An', iss: ISSUER })],
  ])('takes a token %s', (_, given) => {
    expect(isIdTokenOf(PROJECT, given)).toBe(true);
  });

  it('takes one of a project whose id is below a domain', () => {
    const given = token({ iss: 'https://securetoken.google.com/example.com:my-project' });
    expect(isIdTokenOf('example.com:my-project', given)).toBe(true);
    expect(isIdTokenOf(PROJECT, given)).toBe(false);
  });

  const account = 'bridge@my-project.iam.gserviceaccount.com';
  it.each([
    ['nothing', ''],
    ["the emulators' owner", 'owner'],
    ['an access token', 'ya29.a0AfB_byC-canary'],
    ['an access token with three parts', 'ya29.a.b'],
    ['an access token of a service account', 'ya29.c.KpYB-canary'],
    [
      "a service account's self-signed token",
      token({ iss: account, sub: account, aud: 'https://firestore.googleapis.com/' }),
    ],
    ['a custom token', token({ iss: account, sub: account, uid: 'tiki:7' })],
    [
      'an ID token of a service account',
      token({ iss: 'https://accounts.google.com', email: account }),
    ],
    ['a session cookie', token({ iss: `https://session.firebase.google.com/${PROJECT}` })],
    ['a token of another project', token({ iss: `${ISSUER}2` })],
    ['a token of no project', token({ iss: 'https://securetoken.google.com/' })],
    ['an issuer in a list', token({ iss: [ISSUER] })],
    ['no issuer', token({ sub: 'tiki:7' })],
    ['a payload that is no object', token([ISSUER])],
    ['a payload that is null', token(null)],
    ['a payload that is no JSON', 'a.b.c'],
    ['two parts', token({ iss: ISSUER }).split('.').slice(0, 2).join('.')],
    ['four parts', `${token({ iss: ISSUER })}.x`],
    ['a character of ordinary base64', `${token({ iss: ISSUER })}=`],
    ['a line break', `${token({ iss: ISSUER })}\n`],
    ['a payload without end', token({ iss: ISSUER, x: 'x'.repeat(8_192) })],
  ])('refuses %s', (_, given) => {
    expect(isIdTokenOf(PROJECT, given)).toBe(false);
  });

  it('never fails, whatever it is given', () => {
    assert(
      property(string({ unit: 'binary' }), (payload) => {
        const encoded = Buffer.from(payload).toString('base64url');
        expect(isIdTokenOf(PROJECT, `a.${encoded}.c`)).toBe(false);
      }),
    );
  });
});
