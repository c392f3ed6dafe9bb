import { Unsupported } from './failures';
import { openingsFor } from './openings';
import { readRules } from './ruleset';
import type { Value } from './values';

const uid: Value = { notGiven: 'the uid', isNot: (other) => typeof other === 'string' };
const token = new Map<string, Value>([
  ['provider', 'tiki'],
  ['email', { notGiven: 'the address' }],
]);
const auth = new Map<string, Value>([
  ['uid', uid],
  ['token', token],
]);

function outcome(condition: string): boolean | string | undefined {
  const rules = readRules(`rules_version = '2';
    service cloud.firestore {
      match /databases/{database}/documents { match /a/{id} { allow get: if ${condition}; } }
    }`);
  const [opening] = openingsFor(rules, {
    method: 'get',
    path: ['databases', '(default)', 'documents', 'a', { notGiven: 'the id' }],
    variables: new Map<string, Value>([['request', new Map<string, Value>([['auth', auth]])]]),
    documents: {
      prefix: '',
      read: () => {
        throw new Unsupported('a look-up');
      },
    },
  });
  return opening && (opening.unknown ?? true);
}

const EMAIL = "request.auth.token.email == 'a'";
const ABSENT = 'request.auth.token.admin == true';

it.each<readonly [string, boolean | string | undefined]>([
  ['true', true],
  ['false', undefined],
  [ABSENT, undefined],
  [EMAIL, expect.stringContaining('the address')],
  [`${EMAIL} || true`, true],
  [`${EMAIL} && false`, undefined],
  [`${EMAIL} && ${ABSENT}`, undefined],
  [`!(${EMAIL} && false)`, true],
  // It is false with another address, and an error with this one.
  [`!(${EMAIL} && ${ABSENT})`, expect.stringContaining('the address')],
  [`!(${EMAIL})`, expect.stringContaining('the address')],
  ["request.auth.uid == 'x'", undefined],
  ["request.auth.uid in ['x', 'y']", undefined],
  ["request.auth.uid != 'x'", true],
  ["request.auth.uid in ['x'].toSet()", undefined],
  ['request.auth.uid == id', expect.any(String)],
  ["request.auth.uid.matches('x')", expect.any(String)],
  ["id.size() > 3 || request.auth.token.provider == 'tiki'", true],
  ['exists(/databases/$(database)/documents/a/b)', expect.stringContaining('a look-up')],
  ['exists(/databases/$(database)/documents/a/$(request.auth.uid))', expect.any(String)],
  ['exists(request.auth.token.email)', expect.any(String)],
  ['request.auth.token.email[0] == 1', expect.any(String)],
  ["{'a': request.auth.token.email}.size() > 0", expect.any(String)],
])('what is not given makes %s neither true nor false without need', (condition, expected) => {
  expect(outcome(condition)).toEqual(expected);
});
