import { decide } from './decide';
import { Unsupported } from './failures';
import { firestoreRequest, storageRequest } from './requests';
import { readRules } from './ruleset';

const NOW = new Date(Date.UTC(2026, 10, 22, 12));

const basics = {
  method: 'get' as const,
  auth: { uid: 'tiki:1', token: { provider: 'tiki', list: [1], map: { a: 1 }, float: 1.5 } },
  time: NOW,
  documents: () => undefined,
  incoming: null,
};

function askFirestore(condition: string) {
  const rules = readRules(`rules_version = '2';
    service cloud.firestore {
      match /databases/{database}/documents { match /a/{x} { allow get: if ${condition}; } }
    }`);
  return decide(rules, firestoreRequest({ ...basics, path: 'a/b', stored: null }));
}

function askStorage(condition: string) {
  const rules = readRules(`rules_version = '2';
    service firebase.storage {
      match /b/{bucket}/o { match /a/{x} { allow get: if ${condition}; } }
    }`);
  const stored = { size: 5, contentType: 'image/png' };
  return decide(rules, storageRequest({ ...basics, bucket: 'b', path: 'a/b', stored }));
}

describe('what is outside the subset never gives a verdict', () => {
  it.each([
    ['an undeclared name', 'unknown == 1'],
    ['an undeclared function', 'nothing(1)'],
    ['a namespace', 'math.abs(1) == 1'],
    ['a function of Storage’s rules', 'firestore.exists(/databases/(default)/documents/a/b)'],
    ['a method', "'a'.lower() == 'a'"],
    ['bytes', "b'a' == b'a'"],
    ['a range of a list', '[1, 2][0:1] == [1]'],
    ['a set of numbers', '[1].toSet().size() == 1'],
    ['the type of a set', "['a'].toSet() is list"],
    ['an unknown type', 'request.time is latlng'],
    ['arithmetic with times', 'request.time - request.time == request.time'],
    ['a text of a float', "string(request.auth.token.float) == '1.5'"],
    ['an int of a large float', 'int(9007199254740993.0) == 1'],
    ['map.get with a list of keys', "request.auth.token.map.get(['a'], 1) == 1"],
    ['a slash in one segment of a path', "exists(/databases/$(database)/documents/a/$('b/c'))"],
    [
      'a difference between an int and a float',
      "{'a': 1}.diff({'a': 1.0}).changedKeys().size() == 0",
    ],
    ['a claim that was not provided', 'request.auth.token.iat > 0'],
    ['the claims as a whole', "request.auth.token.keys().hasAll(['provider'])"],
    ['the path of the request', 'request.path == /a/b'],
    ['an escape', "'\\x41' == 'A'"],
    ['flags in a regular expression', "'A'.matches('(?i)a')"],
    ['a class of RE2', "'a'.matches('[[:alpha:]]')"],
    ['\\s, which the dialects read differently', "'a'.matches('\\\\s')"],
    ['a bare brace', "'{'.matches('{')"],
    ['a lookahead, which RE2 does not have', "'a'.matches('(?=a)a')"],
  ])('%s', (_, condition) => {
    expect(() => askFirestore(condition)).toThrow(Unsupported);
    // Nor inside a larger expression.
    expect(() => askFirestore(`(${condition}) || false`)).toThrow(Unsupported);
    expect(() => askFirestore(`!(${condition}) && true`)).toThrow(Unsupported);
  });

  it('file metadata that was not provided', () => {
    expect(() => askStorage("resource.md5Hash == 'x'")).toThrow(/resource\.md5Hash/);
    expect(askStorage('resource.size == 5').allowed).toBe(true);
    expect(() => askStorage('exists(/databases/(default)/documents/a/b)')).toThrow(Unsupported);
  });

  it.each([
    ['no rules_version', 'service cloud.firestore { match /a/{b} { allow read; } }'],
    [
      'rules_version 1',
      "rules_version = '1'; service cloud.firestore { match /a/{b} { allow read; } }",
    ],
    ['another service', "rules_version = '2'; service a.b { match /a/{b} { allow read; } }"],
    [
      'two services',
      `rules_version = '2';
       service cloud.firestore { match /a/{b} { allow read; } }
       service firebase.storage { match /a/{b} { allow read; } }`,
    ],
  ])('a file with %s', (_, source) => {
    expect(() => readRules(source)).toThrow(Unsupported);
  });

  it.each([
    ['two recursive wildcards', 'match /{a=**} { match /x/{b=**} { allow read; } }'],
    ['a recursive wildcard in an outer match', 'match /{a=**}/b { match /{c} { allow read; } }'],
  ])('a path with %s', (_, match) => {
    const rules = readRules(`rules_version = '2'; service cloud.firestore { ${match} }`);
    const request = firestoreRequest({ ...basics, path: 'a/b', stored: null });
    expect(() => decide(rules, request)).toThrow(Unsupported);
  });

  it('a syntax error is the error of Firebase’s parser, with its line', () => {
    expect(() => readRules("rules_version = '2';\nservice cloud.firestore { allow }")).toThrow(
      expect.objectContaining({ name: 'SyntaxError', lineNumber: 2 }) as Error,
    );
  });
});
