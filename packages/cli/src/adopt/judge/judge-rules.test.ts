import { judgeProject } from './judge-project';
import { NOW, refusalsOf, shop } from '../fakes';

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

const judged = (changes: Readonly<Record<string, string>>, skipped: 'firestore'[] = []) =>
  refusalsOf(shop(changes), { skipped }, true);

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
      /^firestore\.rules:4: .* ← it lets clients update \/entitlements\/tiki:100 /,
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
    expect(judged(changes)).toEqual([expect.stringMatching(refusal)]);
  });

  it('of a test mode are explained to a newcomer', () => {
    const { 'firestore.rules': text } = withRules(
      'match /{document=**} { allow read, write: if request.time < timestamp.date(2026, 12, 31); }',
    );
    const json = { firestore: { rules: 'firestore.rules' } };
    const rulesOf = () => ({ text, isMerged: false, isRefused: false });

    expect(judgeProject(json, rulesOf, NOW)).toMatchObject([
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

  it('are refused too where ours are merged by hand', () => {
    const rules = withRules(
      'match /users/{id}/{all=**} { allow read, write: if request.auth.uid == id; }',
    );

    expect(judged(rules, ['firestore'])).toEqual([
      expect.stringMatching(/lets clients create \/users\/tiki:100\/receipts\/new/),
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
      'of a test mode that has ended',
      withRules(
        'match /{document=**} { allow read, write: if request.time < timestamp.date(2026, 11, 1); }',
      ),
    ],
    ['a locked database', withNodes({ '.read': false, '.write': false })],
  ])('are no reason to refuse: %s', (_, changes) => {
    expect(judged(changes)).toEqual([]);
  });

  it('that cannot be judged are a note where ours are merged by hand', () => {
    const rules = withRules('match /{all=**} { allow read: if math.abs(-1) == 1; }');

    expect(judged(rules)).toHaveLength(1);
    expect(judged(rules, ['firestore'])).toEqual([]);
  });
});
