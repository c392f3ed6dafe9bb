import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { installed, NOW, planned, refusalsOf, shop } from '../fakes';
import type { Asked } from '../plan/plan';
import { judgeProject } from './judge-project';

/** The shop with other rules around this. */
const withRules = (inside: string) => ({
  'firestore.rules':
    "rules_version = '2';\nservice cloud.firestore {\n  match /databases/{database}/documents {\n" +
    `    ${inside}\n  }\n}\n`,
});
const withFiles = (inside: string) => ({
  'storage.rules':
    "rules_version = '2';\nservice firebase.storage {\n  match /b/{bucket}/o {\n" +
    `    ${inside}\n  }\n}\n`,
});
const withNodes = (rules: object) => ({ 'database.rules.json': JSON.stringify({ rules }) });

/** The rules files that are changed and no others, which saves most of the time. */
function only(changes: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const parts = Object.keys(changes).map((rules) => [rules.split('.')[0], { rules }] as const);
  return parts.length === 0 ? {} : { 'firebase.json': JSON.stringify(Object.fromEntries(parts)) };
}

const judged = (changes: Readonly<Record<string, string>>, asked: Asked = {}) =>
  refusalsOf(shop({ ...changes, ...only(changes) }), asked, true);

const skipped: Asked['skipped'] = ['firestore'];
const ALL: Asked['features'] = ['sessions', 'payments', 'push'];

describe('rules of theirs that open what the server alone may write', () => {
  it.each<readonly [string, Readonly<Record<string, string>>, RegExp]>([
    [
      'whoever is signed in may write everything',
      withRules('match /{document=**} { allow write: if request.auth != null; }'),
      /^firestore\.rules:4: match \/\{document=\*\*\} .* ← it lets clients update \/entitlements\/tiki:100 \(would be premium for free\)$/,
    ],
    [
      'whoever has an e-mail address may',
      withRules(
        'match /{c}/{id} {\n      allow write: if request.auth.token.email_verified;\n    }',
      ),
      /^firestore\.rules:5: allow write: if request\.auth\.token\.email_verified; .* \/entitlements\/tiki:100 \(also by e-mail\)/,
    ],
    [
      'everybody may read everything',
      withRules('match /{document=**} { allow read; }'),
      /^firestore\.rules:4: .* lets clients (get|list) \/entitlements/,
    ],
    [
      'whoever is signed in may read everything',
      withRules('match /{document=**} { allow read: if request.auth != null; }'),
      /^firestore\.rules:4: .* lets clients (get|list) \/entitlements/,
    ],
    [
      'until a day, as Firebase proposes for a start',
      withRules(
        'match /{document=**} { allow read, write: if request.time < timestamp.date(2026, 12, 31); }',
      ),
      /^firestore\.rules:4: .* ← it lets clients update \/entitlements\/tiki:100 /,
    ],
    [
      'from a day on',
      withRules(
        'match /{document=**} { allow write: if request.time > timestamp.date(2090, 1, 31); }',
      ),
      /^firestore\.rules:4: .* ← it may let clients create in \/entitlements: request\.time cannot/,
    ],
    [
      'nodes of everybody, until a day',
      withNodes({ '.write': 'now < 1798675200000' }),
      /^database\.rules\.json: rules\/\.write .* ← it lets clients /,
    ],
    [
      'files of whoever is signed in',
      withFiles('match /{all=**} { allow read, write: if request.auth != null; }'),
      /^storage\.rules:4: .* lets clients create \/premiumContent\/new/,
    ],
    [
      'nodes of whoever is signed in',
      withNodes({ '.write': 'auth != null', carts: { '.read': true } }),
      /^database\.rules\.json: rules\/\.write .* ← it lets clients update \/entitlements\/tiki:100/,
    ],
  ])('are named: %s', (_, changes, refusal) => {
    expect(judged(changes, { features: ['premium'] })).toEqual([expect.stringMatching(refusal)]);
  });

  it('of a test mode are explained to a newcomer', () => {
    const { 'firestore.rules': text } = withRules(
      'match /{document=**} { allow read, write: if request.time < timestamp.date(2026, 12, 31); }',
    );
    const json = { firestore: { rules: 'firestore.rules' } };
    const rulesOf = () => ({ text, isMerged: false, isRefused: false });

    const { choices } = planned(shop());
    expect(judgeProject(json, rulesOf, { choices, now: NOW })).toMatchObject([
      { instead: expect.stringMatching(/test mode[^]*Delete it[^]*match \/carts/) as string },
    ]);
  });

  it('are named by their line, also below ours', () => {
    const text =
      "rules_version = '2';\nservice cloud.firestore {\n  match /databases/{d}/documents {\n" +
      '    match /a/{b} { allow read; }\n  }\n' +
      '  match /databases/{d}/documents/{all=**} { allow delete: if request.auth != null; }\n}\n';

    expect(judged({ 'firestore.rules': text })).toEqual([
      expect.stringMatching(/^firestore\.rules:6: match .* lets clients delete \/entitlements/),
    ]);
  });

  it('are refused too where ours are merged by hand, unless that is accepted by name', () => {
    const rules = withRules(
      'match /users/{id}/{all=**} { allow read, write: if request.auth.uid == id; }',
    );
    const asked: Asked = { skipped, features: ['payments'] };

    expect(judged(rules, asked)).toEqual([
      expect.stringMatching(/lets clients create \/users\/tiki:100\/receipts\/new/),
    ]);
    expect(judged(rules, { ...asked, acceptsOpenRules: true })).toEqual([]);
    // It is not a way around merging.
    expect(judged(rules, { features: ['payments'], acceptsOpenRules: true })).toHaveLength(1);
  });

  it.each([
    [
      'a node with another condition',
      { database: { rules: 'a' } },
      '{"rules": {".write": "auth.token.email.endsWith(\'@shop.vn\')"}}',
      '{"rules": {".write": "auth.token.email.endsWith(\'.vn\')"}}',
    ],
    ['a file that cannot be judged', { firestore: { rules: 'a' } }, 'allow', 'allow '],
    [
      'the same line where it opens more',
      { firestore: { rules: 'a' } },
      withRules('match /entitlements/{id} {\n      allow get: if math.abs(-1) == 1;\n    }')[
        'firestore.rules'
      ],
      withRules('match /{id=**} {\n      allow get: if math.abs(-1) == 1;\n    }')[
        'firestore.rules'
      ],
    ],
    [
      'another condition below a comment',
      { firestore: { rules: 'a' } },
      withRules('match /entitlements/{id} {\n allow get: if // {staff}\n math.abs(-1) == 1; }')[
        'firestore.rules'
      ],
      withRules('match /entitlements/{id} {\n allow get: if // {staff}\n math.abs(-1) != 2; }')[
        'firestore.rules'
      ],
    ],
  ])('are accepted as they are: not %s', (_, json, text, other) => {
    const choices = { ...planned(shop()).choices, skipped: ['firestore', 'database'] as const };
    const judgedWith = (rules: string, acceptedRules: readonly string[]) =>
      judgeProject(json, () => ({ text: rules, isMerged: false, isRefused: false }), {
        choices: { ...choices, skipped: [...choices.skipped], acceptedRules: [...acceptedRules] },
        now: NOW,
      });
    const accepted = judgedWith(text, []).map(({ id }) => id);
    const areWarnings = (rules: string) =>
      judgedWith(rules, accepted).map(({ isWarning }) => isWarning);

    expect(areWarnings(text)).toContain(true);
    expect(areWarnings(text)).not.toContain(false);
    expect(areWarnings(other)).toContain(false);
  });

  it.each([
    ['of a test mode', 'allow read, write: if request.time < timestamp.date(2026, 12, 31);'],
    [
      'of a sign-in provider',
      "allow write: if request.auth.token.firebase.sign_in_provider != 'x';",
    ],
    ['outside of the subset', 'allow read: if math.abs(-1) == 1;'],
  ])('are refused too where ours are merged by hand: %s', (_, allow) => {
    expect(judged(withRules(`match /{all=**} { ${allow} }`), { skipped })).toHaveLength(1);
  });

  it('are refused too where ours are merged by hand: of the first version', () => {
    const { 'firestore.rules': text } = withRules('match /{all=**} { allow write; }');
    const first = text.replace("rules_version = '2';\n", '');

    expect(judged({ 'firestore.rules': first }, { skipped })).toEqual([
      expect.stringMatching(/^firestore\.rules: it cannot be judged: .*rules_version/),
    ]);
  });
});

describe('what our table does not have is unknown, not absent', () => {
  const everywhere = (condition: string) =>
    `match /{document=**} { allow write: if ${condition}; }`;

  it.each([
    ['a telephone number', everywhere('request.auth.token.phone_number != null')],
    ['a name, as of a login with Google', everywhere('request.auth.token.name != null')],
    ['a picture', everywhere('request.auth.token.picture is string')],
    ['any address of a domain', everywhere("request.auth.token.email.matches('.*@shop.vn')")],
    [
      'no customer of Tiki',
      everywhere("request.auth.token.email_verified && !request.auth.uid.matches('tiki:.*')"),
    ],
    ['a sign-in provider', everywhere("request.auth.token.firebase.sign_in_provider == 'a'")],
    ['the length of a uid', everywhere('request.auth.uid.size() > 9')],
    [
      'a uid of Tiki',
      everywhere("request.auth.uid == 'tiki:' + request.auth.token.tikiCustomerId"),
    ],
    ['any uid but one', everywhere("request.auth.uid != 'abc'")],
    ['a field of what is written', everywhere('request.resource.data.owner == request.auth.uid')],
    ['fields of what is written', everywhere("request.resource.data.keys().hasAll(['createdAt'])")],
    ['a field of what is there', everywhere('resource.data.expiresAt is timestamp')],
    ['a time from now on', everywhere('request.time.toMillis() > 1800000000000')],
    [
      'the role in a document',
      everywhere(
        "get(/databases/$(database)/documents/users/$(request.auth.uid)).data.role == 'a'",
      ),
    ],
    [
      'a document that is there',
      everywhere('exists(/databases/$(database)/documents/admins/$(request.auth.uid))'),
    ],
    [
      'the shape of an id',
      "match /{c}/{d} { allow create: if request.auth != null && d.matches('[a-zA-Z0-9]{20}'); }",
    ],
    ['one id', 'match /{c}/public { allow write: if request.auth != null; }'],
    ['the owner by the id', 'match /{c}/{uid} { allow write: if request.auth.uid == uid; }'],
    ['an audit trail to read', "match /{c}/{d} { allow read: if c == 'bridgeAudit'; }"],
    [
      'messages about orders',
      'match /{p=**}/orderMessages/{d} { allow read: if request.auth != null; }',
    ],
    ['devices of all users', 'match /{p=**}/devices/{d} { allow list: if request.auth != null; }'],
  ])('in Firestore: %s', (_, rule) => {
    expect(judged(withRules(rule), { features: ALL })).toEqual([
      expect.stringMatching(/^firestore\.rules:4: .* ← it (may let|lets) clients/),
    ]);
  });

  it.each([
    [
      'a type',
      "allow write: if request.auth != null && request.resource.contentType.matches('video/.*');",
    ],
    ['a size', 'allow write: if request.auth != null && request.resource.size < 500;'],
    ['a telephone number', 'allow read: if request.auth.token.phone_number != null;'],
    [
      'a role in Firestore',
      "allow read: if firestore.get(/databases/(default)/documents/roles/$(request.auth.uid)).data.role == 'vip';",
    ],
  ])('in Storage: %s', (_, allow) => {
    const files = withFiles(`match /{all=**} { ${allow} }`);

    expect(judged(files, { features: ['premium'] })).toEqual([
      expect.stringMatching(/^storage\.rules:4: .* ← it (may let|lets) clients/),
    ]);
  });

  it.each([
    "newData.child('owner').val() === auth.uid",
    "auth.token.firebase.sign_in_provider === 'google.com'",
    'auth.token.phone_number != null',
    "auth.token.email.endsWith('@gmail.com')",
    "auth.provider === 'google'",
    "auth != null && !auth.uid.beginsWith('tiki:')",
    "root.child('users').child(auth.uid).child('role').val() === 'admin'",
    "!(auth != null && auth.token.admin === true && auth.uid === 'a')",
    "auth.token.admin === true || auth.token.name === 'a'",
    "auth.uid === ' && false && '",
    "auth != null && auth.token.provider === 'tiki'",
    'auth.token.premiumAccount === true',
    'now < 1798675200000',
  ])('in the Realtime Database: %s', (rule) => {
    expect(judged(withNodes({ '.write': rule }))).toEqual([
      expect.stringMatching(
        /^database\.rules\.json: rules\/\.write .* ← it (may let|lets) clients/,
      ),
    ]);
  });
});

describe('other rules of theirs', () => {
  it.each<readonly [string, Readonly<Record<string, string>>]>([
    ['the shop’s own', {}],
    ['everything locked', withRules('match /{document=**} { allow read, write: if false; }')],
    [
      'for administrators',
      withRules('match /{all=**} { allow write: if request.auth.token.admin; }'),
    ],
    ['of one kind of collections', withRules('match /{all=**}/comments/{id} { allow read; }')],
    [
      'with more than the evaluator knows, elsewhere',
      withRules('match /a/{b} { allow read: if math.abs(-1) == 1; }'),
    ],
    [
      'for one account, by its uid or its address',
      withRules(
        "match /{all=**} { allow read, write: if request.auth.uid == 'Xk2' || request.auth.token.email in ['lan@shop.vn']; }",
      ),
    ],
    [
      'of users, by their uid',
      withRules(
        'match /users/{userId}/{all=**} { allow read, write: if request.auth.uid == userId; }',
      ),
    ],
    [
      'a catalogue, orders and users that are theirs',
      withRules(
        'match /products/{id} { allow read; } match /users/{id} { allow read, write: if request.auth.uid == id; } ' +
          'match /orders/{id} { allow create: if request.auth.uid == request.resource.data.userId; }',
      ),
    ],
    [
      'a role in a document, in collections of theirs',
      withRules(
        "match /products/{id} { allow write: if get(/databases/$(database)/documents/users/$(request.auth.uid)).data.role == 'a'; }",
      ),
    ],
    [
      'files of one bucket, by its name',
      {
        'storage.rules':
          "rules_version = '2';\nservice firebase.storage {\n  match /b/shop.appspot.com/o {\n" +
          '    match /a/{b} { allow read; }\n  }\n}\n',
      },
    ],
    [
      'nodes for administrators',
      withNodes({
        '.read': 'auth != null && auth.token.admin === true',
        '.write': "auth.uid === 'Xk2' || auth.token.role === 'a' && newData.exists()",
      }),
    ],
    ['a locked database', withNodes({ '.read': false, '.write': false })],
  ])('are no reason to refuse: %s', (_, changes) => {
    expect(judged(changes)).toEqual([]);
  });

  it.each<readonly [string, Readonly<Record<string, string>>]>([
    ['all pages, as of a CMS', withRules('match /{path=**}/pages/{page} { allow read: if true; }')],
    [
      'all files, for who is signed in',
      withFiles('match /{all=**} { allow read, write: if request.auth != null; }'),
    ],
  ])('may open premium content where nothing is sold: %s', (_, changes) => {
    expect(judged(changes, { features: ['sessions'] })).toEqual([]);
    expect(judged(changes, { features: ['payments'] })).not.toEqual([]);
  });

  it('may let users read what is theirs, where they are told', () => {
    const rules = withRules('match /users/{u}/{d=**} { allow read: if request.auth.uid == u; }');

    expect(judged(rules, { features: ALL })).toEqual([]);
  });

  it.each([
    ['locked', 'false', []],
    [
      'in test mode',
      'request.time < timestamp.date(2026, 12, 26)',
      [expect.stringMatching(/^firestore\.rules:15: allow read, write: .* lets clients update/)],
    ],
  ])('as the Firebase CLI writes them: %s', (_, condition, refusals) => {
    const tools = createRequire(__filename).resolve('firebase-tools/package.json');
    const text = readFileSync(
      path.join(path.dirname(tools), 'templates/init/firestore/firestore.rules'),
      'utf8',
    ).replace('request.time < timestamp.date({{IN_30_DAYS}})', condition);

    expect(text).toContain("rules_version='2'\n");
    expect(judged({ 'firestore.rules': text })).toEqual(refusals);
  });

  it('are no reason to refuse where ours are merged by hand into them', () => {
    const features = ALL;
    const merged = installed(shop(), { features });
    const byHand = Object.fromEntries(
      ['firestore.rules', 'storage.rules', 'database.rules.json'].map((file) => [
        file,
        (merged[file] ?? '').replace(/^.*tiki-firebase-bridge.*\n/gm, ''),
      ]),
    );

    expect(judged(byHand, { features, skipped: ['firestore', 'storage', 'database'] })).toEqual([]);
  });
});
