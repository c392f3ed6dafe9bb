import { decide } from './decide';
import { firestoreRequest, storageRequest, type StorageRequest } from './requests';
import { readRules } from './ruleset';

// Only what is specific to Storage. The language is tested against Firestore's engine in
// rules/differential.
const RULES = readRules(`rules_version = '2';
service firebase.storage {
  function isImage(file) { return file.contentType.matches('image/.*'); }
  match /b/{bucket}/o {
    match /open/{path=**} {
      allow list: if bucket == 'shop';
      allow get;
    }
    match /members/{name} {
      function member() { return firestore.get(/databases/(default)/documents/members/$(request.auth.uid)).data; }
      allow get: if member().level > 1 || name == 'welcome';
      allow create: if request.resource.size < 100 && isImage(request.resource) && resource == null;
      allow update: if isImage(resource) && isImage(request.resource);
      allow delete: if request.resource == null && firestore.exists(/databases/(default)/documents/admins/$(request.auth.uid));
    }
  }
}
`);

const png = { size: 5, contentType: 'image/png' };
const text = { size: 5, contentType: 'text/plain' };

function ask(request: Partial<StorageRequest>) {
  return decide(
    RULES,
    storageRequest({
      method: 'get',
      bucket: 'shop',
      path: 'members/a',
      auth: { uid: 'u1', token: {} },
      time: new Date(0),
      documents: (path) => ({ 'members/u1': { level: 2 }, 'members/u2': { level: 1 } })[path],
      stored: null,
      incoming: null,
      ...request,
    }),
  );
}

describe('rules of Cloud Storage', () => {
  it('list a prefix with any number of segments under a recursive wildcard', () => {
    expect(ask({ method: 'list', path: 'open' }).allowed).toBe(true);
    expect(ask({ method: 'list', path: 'open/a/b/' }).allowed).toBe(true);
    expect(ask({ method: 'list', path: 'open', bucket: 'other' }).allowed).toBe(false);
    expect(ask({ path: 'open/a', bucket: 'other' }).allowed).toBe(true);
    expect(ask({ path: 'members/a/b' }).findings).toEqual([]);
  });

  it('look up Firestore documents', () => {
    expect(ask({}).allowed).toBe(true);
    expect(ask({ auth: { uid: 'u2', token: {} } }).findings).toMatchObject([{ outcome: 'false' }]);
    expect(ask({ auth: { uid: 'u3', token: {} } }).findings).toMatchObject([
      { outcome: 'error', line: 11, reason: 'no such document' },
    ]);
    expect(ask({ auth: null, path: 'members/welcome' }).allowed).toBe(true);
    expect(ask({ method: 'delete', stored: png }).findings).toMatchObject([{ outcome: 'false' }]);
  });

  it('see the file before and after', () => {
    expect(ask({ method: 'create', incoming: png }).allowed).toBe(true);
    expect(ask({ method: 'create', incoming: png, stored: png }).allowed).toBe(false);
    expect(ask({ method: 'create', incoming: { ...png, size: 100 } }).allowed).toBe(false);
    expect(ask({ method: 'update', incoming: png, stored: png }).allowed).toBe(true);
    expect(ask({ method: 'update', incoming: png, stored: text }).allowed).toBe(false);
    expect(ask({ method: 'update', incoming: text, stored: png }).allowed).toBe(false);
  });
});

describe('dates', () => {
  const at = (time: Date, condition: string) => {
    const rules = readRules(
      `rules_version = '2'; service cloud.firestore { match /databases/{d}/documents {
         match /a/{b} { allow get: if ${condition}; } } }`,
    );
    return decide(
      rules,
      firestoreRequest({
        ...{ method: 'get', path: 'a/b', auth: null, time, stored: null, incoming: null },
        documents: () => undefined,
      }),
    ).allowed;
  };

  it('begin at midnight in UTC', () => {
    const condition = 'request.time < timestamp.date(2026, 12, 1)';

    expect(at(new Date(Date.UTC(2026, 11, 1) - 1), condition)).toBe(true);
    expect(at(new Date(Date.UTC(2026, 11, 1)), condition)).toBe(false);
  });

  it('that there are not are Unsupported', () => {
    const ask = () => at(new Date(0), 'request.time < timestamp.date(2026, 2, 30)');

    expect(ask).toThrow('a date that there is not');
  });
});
