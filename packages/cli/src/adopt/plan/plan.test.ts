import {
  carriedOut,
  type Files,
  installed,
  planned,
  plannedRemoval,
  PACKED,
  refusalsOf,
  removed,
  shop,
  template,
} from '../fakes';
import { parseJsonc } from '../../parse-json';
import type { Asked } from './plan';
import { RECORD_FILE } from '../project/project';

interface Config {
  readonly functions: readonly { readonly codebase?: string; readonly source: string }[];
  readonly hosting: {
    readonly rewrites: readonly {
      readonly source: string;
      readonly function?: { readonly functionId: string };
    }[];
  };
}
/** firebase.json of files that were made here. */
const configOf = (files: Files) => parseJsonc(files['firebase.json'] ?? '') as Config;
const sourcesOf = (files: Files) => configOf(files).hosting.rewrites.map(({ source }) => source);

/** Lines of the old text that are not in the new one, in their order. */
function lost(before = '', after = ''): string[] {
  const rest = after.split('\n');
  return before.split('\n').filter((line) => {
    const index = rest.indexOf(line);
    if (index < 0) return true;
    rest.splice(0, index + 1);
    return false;
  });
}

describe('init in the shop', () => {
  const before = shop();
  const after = installed(before);

  it('loses no line of theirs, and moves none', () => {
    const changed = Object.keys(before).filter((name) => after[name] !== before[name]);

    expect(changed.sort()).toEqual([
      ...['database.rules.json', 'firebase.json', 'firestore.indexes.json', 'firestore.rules'],
      'storage.rules',
    ]);
    expect(changed.flatMap((name) => lost(before[name], after[name]))).toEqual([
      // The object becomes the first of an array. What gets a comma after it is found further down.
      '  "functions": {',
    ]);
  });

  it('leads to auth and gateway before the catch-all, and to nothing else', () => {
    const { rewrites } = configOf(after).hosting;
    const ours = rewrites.slice(2, -1);

    expect(rewrites.map(({ source }) => source)).toEqual([
      ...['/hello', '/prices/**', '/auth_exchange', '/auth_refresh', '/auth_info'],
      ...['/identitytoolkit/**', '/securetoken/**', '/firestore/**', '/storage/**'],
      ...['/tiki-validation-code/**', '**'],
    ]);
    expect([...new Set(ours.map((each) => each.function?.functionId))]).toEqual([
      'auth',
      'gateway',
    ]);
  });

  it('keeps comments at what they are about', () => {
    expect(after['firebase.json']).toMatch(
      /\}, \/\/ For partners\.\n {6}\{\n {8}"source": "\/auth_ex/,
    );
    expect(after['firebase.json']).toMatch(
      /\/\/ Everything else is the app\.\n {6}\{ "source": "\*\*"/,
    );
  });

  it('adds a codebase of three lines with the packed file', () => {
    expect(configOf(after).functions.map(({ source }) => source)).toEqual([
      'functions',
      'tiki-bridge',
    ]);
    expect(after['tiki-bridge/index.js']?.trim().split('\n')).toHaveLength(3);
    expect(JSON.parse(after['tiki-bridge/package.json'] ?? '')).toMatchObject({
      private: true,
      dependencies: { 'tiki-firebase-bridge': `file:./${PACKED.file}` },
    });
  });

  it('takes over their name of the wildcard, and gives other names to functions that they have', () => {
    expect(after['firestore.rules']).toContain('/databases/$(db)/documents/entitlements/');
    expect(after['firestore.rules']).toContain('allow get: if tikiIsOwner(uid);');
    expect(after['firestore.rules']).toContain('allow read: if isPremium();');
    expect(after['storage.rules']).toContain('allow read: if isPremium() && isEntitledNow();');
  });

  it('opens nothing that only the example has, and the rest with its feature', () => {
    const example = /match \/users\/\{uid\} \{|isNote|isReserved/;
    const all = installed(before, { features: ['push', 'payments'] });

    for (const rules of [after['firestore.rules'], all['firestore.rules']]) {
      expect(rules).not.toMatch(example);
    }
    expect(template.files['firestore.rules']).toMatch(example);
    expect(after['firestore.rules']).not.toContain('match /users');
    expect(all['firestore.rules']?.match(/match \/users.*/g)).toEqual([
      'match /users/{uid}/devices/{id} {',
      'match /users/{uid}/notifications/{id} {',
      'match /users/{uid}/receipts/{id} {',
    ]);
    expect(after['storage.rules']).not.toContain('users');
    expect(after['database.rules.json']).not.toContain('"users"');
  });

  it('has nothing to do the second time', () => {
    expect(planned(after).edits).toEqual([]);
  });

  it('is gone after remove', () => {
    expect(removed(after)).toEqual(before);
  });

  it('is gone after remove, and what was changed meanwhile is kept', () => {
    const more = '      { "source": "/new/**", "destination": "/new.html" },\n';
    const everything = '      // Everything else is the app.\n';
    const edited = {
      ...after,
      'firebase.json': (after['firebase.json'] ?? '').replace(everything, more + everything),
      'firestore.rules': `// Ours.\n${after['firestore.rules'] ?? ''}`,
      'tiki-bridge/plans.json': '[]',
    };

    expect(removed(edited)).toEqual({
      ...before,
      'firebase.json': before['firebase.json']?.replace(everything, more + everything),
      'firestore.rules': `// Ours.\n${before['firestore.rules'] ?? ''}`,
      'tiki-bridge/plans.json': '[]',
    });
  });

  it('is finished by the same command after a crash, wherever that was', () => {
    const { edits } = planned(before);
    for (let done = 0; done <= edits.length; done++) {
      const crashed = carriedOut(before, { ...planned(before), edits: edits.slice(0, done) });

      expect(installed(crashed)).toEqual(after);
      if (crashed[RECORD_FILE]) expect(removed(crashed)).toEqual(before);
    }
  });

  it('is gone after the same command after a crash of remove, wherever that was', () => {
    const plan = plannedRemoval(after);
    for (let done = 0; done < plan.edits.length; done++) {
      const crashed = carriedOut(after, { ...plan, edits: plan.edits.slice(0, done) });

      expect(removed(crashed)).toEqual(before);
    }
  });

  it('is complete again after somebody has deleted a part of it', () => {
    const lessRules = { ...after, 'firestore.rules': before['firestore.rules'] ?? '' };

    expect(installed(lessRules)).toEqual(after);
  });
});

it('leaves what was there before just as we want it, also at the end', () => {
  const { fieldOverrides } = parseJsonc(template.files['firestore.indexes.json']) as {
    readonly fieldOverrides: readonly { readonly collectionGroup: string }[];
  };
  const theirs = fieldOverrides.filter(({ collectionGroup }) => collectionGroup === 'rateLimits');
  const before = shop({
    'firestore.indexes.json': JSON.stringify({ indexes: [], fieldOverrides: theirs }),
  });
  const after = installed(before);
  // Somebody adds a line, so that the copy is not put back.
  const edited = {
    ...after,
    'firestore.indexes.json': `${after['firestore.indexes.json'] ?? ''}\n`,
  };

  expect(planned(after).edits).toEqual([]);
  expect(after['firestore.indexes.json']).toBe(before['firestore.indexes.json']);
  expect(removed(edited)['firestore.indexes.json']).toBe(edited['firestore.indexes.json']);
});

describe('choices', () => {
  it('adds more functions, their rewrites and indexes', () => {
    const after = installed(shop(), { features: ['sessions', 'payments'] });

    expect(sourcesOf(after)).toEqual(
      expect.arrayContaining(['/session/**', '/plans', '/orders', '/orders/**', '/tiki_ipn']),
    );
    expect(after['tiki-bridge/index.js']).toContain('sessions, payments, reconcilePayments');
    expect(after['firestore.indexes.json']).toContain('"orders"');
    expect(after['firestore.indexes.json']).not.toContain('"devices"');
  });

  it('remembers them, and changes them later', () => {
    const first = installed(shop(), { features: ['sessions'], prefix: '/tiki' });
    const second = installed(first, { features: ['payments'] });

    expect(planned(first).edits).toEqual([]);
    expect(sourcesOf(second)).toContain('/tiki/orders');
    // Where Tini Console looks for it.
    expect(sourcesOf(second)).toContain('/tiki-validation-code/**');
    expect(sourcesOf(second)).not.toContain('/tiki/session/**');
    expect(second['tiki-bridge/.env']).toContain('\nPATH_PREFIX=/tiki\n');
    expect(removed(second)).toEqual(shop());
  });

  it('takes each of them back', () => {
    const chosen = { features: ['payments' as const], prefix: '/tiki', group: true };
    const first = installed(shop(), { ...chosen, skipped: ['firestore'] });
    const none = { features: [], prefix: '', group: false, skipped: [] };
    const theirs = { 'functions/login.ts': 'export const auth = onRequest(() => {});\n' };

    const [second, plain] = [installed(first, none), installed(shop())];
    expect(sourcesOf(second).toSorted()).toEqual(sourcesOf(plain).toSorted());
    for (const file of ['firestore.rules', 'firestore.indexes.json', 'tiki-bridge/index.js']) {
      expect(second[file]).toBe(plain[file]);
    }
    expect(second['tiki-bridge/.env']).toBe(plain['tiki-bridge/.env']);
    expect(removed(second)).toEqual(shop());
    expect(planned({ ...first, ...theirs }, none).choices.group).toBe(true);
  });

  it('exports a group if a name is taken', () => {
    const theirs = { 'functions/login.ts': 'export const auth = onRequest(() => {});\n' };
    const after = installed(shop(theirs));

    expect(after['tiki-bridge/index.js']).toContain(
      'module.exports = { tikiBridge: { auth, gateway } };',
    );
    expect(configOf(after).hosting.rewrites[2]?.function?.functionId).toBe('tikiBridge-auth');
    expect(planned(after).edits).toEqual([]);
  });

  it('exports a group as soon as a name is taken', () => {
    const files = shop({ 'functions/shop.ts': 'export const payments = onRequest(() => {});\n' });
    const first = planned(files);
    const second = planned(carriedOut(files, first), { features: ['payments'] });

    expect([first.choices.group, second.choices.group]).toEqual([false, true]);
    expect(second.refusals).toEqual([]);
  });

  it('keeps the names of functions beside those of a kit, and of a codebase with a prefix', () => {
    const json =
      '{"functions": [{"source": "functions", "prefix": "shop"}, {"source": "kit", "kit": "a"}]}';
    const theirs = 'exports.auth = 1;';
    const files = shop({ 'firebase.json': json, 'functions/a.js': theirs, 'kit/a.js': theirs });

    expect(planned(files).choices.group).toBe(false);
  });

  it.each([
    '{"functions": {"predeploy": ["npm --prefix \\"$RESOURCE_DIR\\" run build"]}}',
    '{"functions": [{"remoteSource": {}, "codebase": "a"}, {"codebase": "default"}]}',
  ])('looks for names in functions/ where no source is named: %s', (json) => {
    const theirs = {
      'functions/src/index.ts': "export { auth } from './auth';\n",
      'functions/src/auth.ts': 'export const auth: HttpsFunction = onRequest(() => {});\n',
    };

    expect(planned(shop({ 'firebase.json': json, ...theirs })).choices.group).toBe(true);
  });

  it('does not move to another site', () => {
    const json = '{"hosting": [{"target": "shop"}, {"site": "blog"}]}';
    const files = installed(shop({ 'firebase.json': json }), { target: 'blog' });

    expect(refusalsOf(files, { target: 'shop' })).toEqual([
      'firebase.json: the bridge is in blog already',
    ]);
  });

  it.each([
    'exports.auth = 1;',
    'module.exports = {\n  hello,\n  auth,\n};',
    'export async function gateway() {}',
    "export { login as auth } from './login';",
  ])('knows the name taken by %j', (text) => {
    expect(planned(shop({ 'functions/index.js': text })).choices.group).toBe(true);
  });

  it.each(['const auth = getAuth();', 'import { auth } from "x";', '// exports authentication'])(
    'does not take %j for an export',
    (text) => {
      expect(planned(shop({ 'functions/index.js': text })).choices.group).toBe(false);
    },
  );
});

describe('what a feature needs and firebase.json does not name', () => {
  const bare = shop({ 'firebase.json': '{"firestore": {"rules": "firestore.rules"}}' });
  const notesOf = (features: Asked['features'], skipped: Asked['skipped'] = []) =>
    planned(bare, { features, skipped }).notes.filter((note) => !note.includes('Hosting'));

  it('is noted', () => {
    expect(notesOf(['payments', 'push'])).toEqual([
      expect.stringMatching(/indexes are not in .* queries of orders, bridgeAudit, devices fail/),
      expect.stringContaining('"storage" are not in firebase.json'),
      expect.stringContaining('"database" are not in firebase.json'),
    ]);
    expect(notesOf(['payments'], ['indexes', 'storage', 'database'])).toEqual([]);
  });

  it('needs no note for the login alone', () => {
    expect(notesOf([])).toEqual([]);
  });

  it('is written once firebase.json names the file, even if it does not exist', () => {
    const files = shop({
      'firebase.json':
        '{"firestore": {"rules": "firestore.rules", "indexes": "firestore.indexes.json"}}',
      'firestore.indexes.json': undefined,
    });

    expect(installed(files, { features: ['payments'] })['firestore.indexes.json']).toContain(
      '"orders"',
    );
  });
});

describe('an update', () => {
  const next = (changes: Partial<typeof template.files>) => ({
    files: { ...template.files, ...changes },
    manifest: { ...template.manifest, version: '0.7.0' },
  });
  const packed = { file: 'tiki-firebase-bridge-0.7.0.tgz', integrity: 'sha512-def' };
  const rules = template.files['firestore.rules'];

  it('brings new rules, parameters and the new package, and keeps what was changed', () => {
    const before = installed(shop(), { features: ['push'] });
    const edited = {
      ...before,
      'firestore.rules': (before['firestore.rules'] ?? '').replace('<= 1024', '<= 500'),
      'tiki-bridge/.env': (before['tiki-bridge/.env'] ?? '').replace('MINUTE=30', 'MINUTE=60'),
    };
    const newer = next({
      'firestore.rules': rules.replace("['en', 'vi']", "['en', 'vi', 'fr']"),
      'functions/.env': `${template.files['functions/.env']}NEW_ONE=1\n`,
    });
    const plan = planned(edited, {}, newer, packed);
    const after = carriedOut(edited, plan);

    expect(after['firestore.rules']).toContain("['en', 'vi', 'fr']");
    expect(after['firestore.rules']).toContain('<= 500');
    expect(after['tiki-bridge/.env']).toContain('MINUTE=60');
    expect(after['tiki-bridge/.env']).toContain('NEW_ONE=1');
    expect(after['tiki-bridge/package.json']).toContain('file:./tiki-firebase-bridge-0.7.0.tgz');
  });

  it('is finished by the same command after a crash, wherever that was', () => {
    const before = installed(shop(), { features: ['backend'], prefix: '/tiki' });
    const asked = { features: ['payments'], prefix: '/pay', skipped: ['storage'] } as const;
    const newer = next({ 'firestore.rules': rules.replace("['en', 'vi']", "['en', 'vi', 'fr']") });
    const choices = { ...asked, features: [...asked.features], skipped: [...asked.skipped] };
    const plan = planned(before, choices, newer, packed);
    const after = carriedOut(before, plan);

    expect(planned(after, {}, newer, packed).edits).toEqual([]);
    expect(removed(after)).toEqual(shop());
    for (let done = 0; done < plan.edits.length; done++) {
      const crashed = carriedOut(before, { ...plan, edits: plan.edits.slice(0, done) });

      expect(installed(crashed, choices, newer, packed)).toEqual(after);
      expect(removed(crashed)).toEqual(shop());
    }
  });

  it('refuses lines that both have changed, and says how to go on', () => {
    const before = installed(shop(), { features: ['push'] });
    const text = before['firestore.rules'] ?? '';
    const edited = { ...before, 'firestore.rules': text.replace('<= 1024', '<= 512') };
    const newer = next({ 'firestore.rules': rules.replace('<= 1024', '<= 2048') });
    const [refusal, ...others] = planned(edited, {}, newer, packed).refusals;
    const instead = refusal?.instead ?? '';

    expect(others).toEqual([]);
    expect(refusal).toMatchObject({
      place: 'firestore.rules',
      why: 'both you and the new version changed it',
    });
    expect(instead).toMatch(/^Replace your lines \(-\) with the new ones \(\+\)\. Run this again/);
    // As it says: their line in place of ours, the same command, and then the change again.
    const [, line = '', yours = '', ours = ''] =
      /\n\nfrom line (\d+)\n- ([^\n]*)\n\+ ([^\n]*)\n$/.exec(instead) ?? [];
    const lines = edited['firestore.rules'].split('\n');
    expect(lines.splice(Number(line) - 1, 1, ours)).toEqual([yours]);
    const after = installed({ ...edited, 'firestore.rules': lines.join('\n') }, {}, newer, packed);
    const again = (after['firestore.rules'] ?? '').replace('<= 2048', '<= 512');
    expect(again).not.toBe(after['firestore.rules']);
    expect(planned({ ...after, 'firestore.rules': again }, {}, newer, packed).edits).toEqual([]);
  });

  it('merges parameters by their names, whatever is beside them', () => {
    const before = installed(shop());
    const env = (before['tiki-bridge/.env'] ?? '')
      .replace('PUSH_NOTIFICATIONS=false', 'PUSH_NOTIFICATIONS=true\nMINE=1')
      .replace(/NODE_OPTIONS=.*\n/, '')
      .replace('MIN_INSTANCES=0', 'MIN_INSTANCES=1 # Tết');
    const edited = { ...before, 'tiki-bridge/.env': `${env.trimEnd()}\n# Mine.` };
    const newer = next({
      'functions/.env': template.files['functions/.env']
        .replace('NODE_OPTIONS=', 'NEW_ONE=1\nNODE_OPTIONS=')
        .replace('MAX_INSTANCES=100', 'MAX_INSTANCES=50')
        .replace('TRACES_ENDPOINT=\n', ''),
    });
    const after = installed(edited, {}, newer, packed);
    const changed = env.replace('MAX_INSTANCES=100', 'MAX_INSTANCES=50');

    expect(after['tiki-bridge/.env']).toBe(
      `${changed.replace('TRACES_ENDPOINT=\n', '').trimEnd()}\n# Mine.\nNEW_ONE=1\n`,
    );
    expect(planned(after, {}, newer, packed).edits).toEqual([]);
    const crlf = (text = '') => text.replaceAll('\n', '\r\n');
    const onWindows = { ...edited, 'tiki-bridge/.env': crlf(edited['tiki-bridge/.env']) };
    expect(installed(onWindows, {}, newer, packed)['tiki-bridge/.env']).toBe(
      crlf(after['tiki-bridge/.env']),
    );
  });

  it('refuses a parameter that both have changed, and prints no other one', () => {
    const before = installed(shop());
    const env = (before['tiki-bridge/.env'] ?? '').replace('PATH_PREFIX=', 'PATH_PREFIX=/mine');

    expect(
      planned({ ...before, 'tiki-bridge/.env': env }, { prefix: '/tiki' }).refusals,
    ).toMatchObject([
      {
        place: 'tiki-bridge/.env',
        instead: expect.stringMatching(
          /\n\nfrom line 32\n- PATH_PREFIX=\/mine\n\+ PATH_PREFIX=\/tiki\n$/,
        ) as string,
      },
    ]);
  });

  it('refuses a value that both have changed, and says how to go on', () => {
    const before = installed(shop());
    const edit = (text = '', rule: string) => text.replace(/("entitlements": )\{/, `$1{ ${rule},`);
    const newer = next({
      'database.rules.json': edit(template.files['database.rules.json'], '".validate": false'),
    });
    const nodes = edit(before['database.rules.json'], '".indexOn": ["x"]');
    const edited = { ...before, 'database.rules.json': nodes };

    expect(planned(edited, {}, newer, packed).refusals).toMatchObject([
      {
        place: 'database.rules.json',
        instead: expect.stringMatching(
          /^Put this in place of yours\. Run this again[^]*\n"rules\/entitlements": \{/,
        ) as string,
      },
    ]);
  });

  it('says what to do where the markers are damaged', () => {
    const before = installed(shop());
    const damaged = (before['firestore.rules'] ?? '').replace(/.*<<< tiki.*\n/, '');
    const files = { ...before, 'firestore.rules': damaged };

    expect(planned(files, {}, next({}), packed).refusals).toMatchObject([
      { place: 'firestore.rules', instead: expect.stringMatching(/^Delete these lines/) as string },
    ]);
  });

  it('follows a rewrite that is new or has gone', () => {
    const before = installed(shop(), { features: ['backend'] });
    const after = installed(before, { features: [] }, next({}), packed);

    expect(sourcesOf(after)).not.toContain('/backend/**');
    expect(removed(after)).toEqual(shop());
  });
});

describe('what cannot be merged', () => {
  it.each<readonly [string, Readonly<Record<string, string | undefined>>, RegExp]>([
    ['no firebase.json', { 'firebase.json': undefined }, /firebase.json: there is none/],
    ['a firebase.json that is no JSON', { 'firebase.json': '{' }, /malformed/],
    [
      'a codebase of the same name',
      { 'firebase.json': '{"functions": [{"source": "functions", "codebase": "tiki-bridge"}]}' },
      /has a codebase tiki-bridge already/,
    ],
    ['a folder of the same name', { 'tiki-bridge/package.json': '{}' }, /is there already/],
    ['a damaged record', { [RECORD_FILE]: '{}' }, /written.json: it is damaged/],
    [
      'several sites',
      { 'firebase.json': '{"hosting": [{"target": "shop"}, {"site": "blog"}]}' },
      /several Hosting sites: shop, blog/,
    ],
    [
      'a path of ours that is theirs',
      {
        'firebase.json':
          '{"hosting": {"rewrites": [{"source": "/firestore/admin", "function": "x"}]}}',
      },
      /\/firestore\/admin and \/firestore\/\*\* are the same path/,
    ],
    [
      'a wildcard over a path of ours',
      { 'firebase.json': '{"hosting": {"rewrites": [{"source": "/auth_*", "function": "x"}]}}' },
      /the rewrite of \/auth_\* and \/auth_exchange/,
    ],
    [
      'a redirect of a path of ours',
      {
        'firebase.json':
          '{"hosting": {"redirects": [{"source": "/storage/:file", "destination": "/"}]}}',
      },
      /the redirect of \/storage\/:file takes/,
    ],
    [
      'a redirect of every path of one segment',
      {
        'firebase.json':
          '{"hosting": {"redirects": [{"source": "/:slug", "destination": "/p/:slug"}]}}',
      },
      /the redirect of \/:slug takes \/auth_exchange/,
    ],
    [
      'a redirect of every path',
      {
        'firebase.json':
          '{"hosting": {"redirects": [{"source": "/:rest*", "destination": "/old/:rest"}]}}',
      },
      /the redirect of \/:rest\* takes \/auth_exchange/,
    ],
    [
      'a regular expression of RE2 alone',
      { 'firebase.json': '{"hosting": {"rewrites": [{"regex": "(?P<a>x)", "function": "x"}]}}' },
      /cannot be compared/,
    ],
    [
      'rules outside of the folder',
      { 'firebase.json': '{"firestore": {"rules": "../firestore.rules"}}' },
      /not inside of this folder/,
    ],
    [
      'rules of the first version',
      {
        'firestore.rules':
          'service cloud.firestore { match /databases/{d}/documents { match /a/{b} { allow read; } } }',
      },
      /does not begin with rules_version/,
    ],
    [
      'rules with an error',
      { 'firestore.rules': "rules_version = '2'; service" },
      /not understood/,
    ],
    [
      'a match of the same path',
      {
        'firestore.rules': `rules_version = '2'; service cloud.firestore {
          match /databases/{d}/documents { match /entitlements/{id} { allow read: if false; } } }`,
      },
      /a match \/entitlements of its own/,
    ],
    [
      'a match of the same path, written in one',
      {
        'storage.rules': `rules_version = '2'; service firebase.storage {
          match /b/{b}/o/premiumContent/{id} { allow read: if false; } match /b/{b}/o { match /a { allow read; } } }`,
      },
      /a match \/premiumContent of its own/,
    ],
    [
      'a node of the same name',
      { 'database.rules.json': '{"rules": {"entitlements": {".read": false}}}' },
      /has a "rules\/entitlements" of its own/,
    ],
    [
      'a wildcard that our nodes would hide',
      { 'database.rules.json': '{"rules": {"a": {}, "$room": {".read": true}}}' },
      /its "rules\/\$room" is also for premiumContent, premiumContentStrict, entitlements/,
    ],
    [
      'several buckets',
      {
        'firebase.json':
          '{"storage": [{"bucket": "a", "rules": "a"}, {"bucket": "b", "rules": "b"}]}',
      },
      /several entries in "storage"/,
    ],
  ])('is refused: %s', (_, changes, why) => {
    const files = shop(changes);

    expect(refusalsOf(files)).toEqual([expect.stringMatching(why)]);
  });

  it.each<readonly [string, string, 'push' | 'payments' | 'sessions', RegExp]>([
    ['orders', 'match /orders/{id} {', 'payments', /a match \/orders of its own/],
    ['hand-overs', 'match /handOvers/{id} {', 'sessions', /a match \/handOvers of its own/],
    [
      'devices, in a nested match',
      'match /users/{id} { match /devices/{device} { allow get: if false; }',
      'push',
      /a match \/users\/\{uid\}\/devices of its own/,
    ],
  ])('is refused only with the feature that has them: %s', (_, match, feature, why) => {
    const files = shop({
      'firestore.rules':
        "rules_version = '2';\nservice cloud.firestore {\n  match /databases/{d}/documents {\n" +
        `    ${match} allow read: if false; }\n  }\n}\n`,
    });

    expect(refusalsOf(files)).toEqual([]);
    expect(refusalsOf(files, { features: [feature] })).toEqual([expect.stringMatching(why)]);
  });

  it('is printed as a snippet, and can be left to the developer', () => {
    const files = shop({
      'firestore.rules': `rules_version = '2'; service cloud.firestore {
        match /databases/{d}/documents { match /entitlements/{id} { allow read: if request.auth.uid == id; } } }`,
    });
    const [refusal] = planned(files).refusals;

    expect(refusal?.instead).toContain('--skip firestore');
    expect(refusal?.instead).toContain('match /entitlements/{uid} {');
    expect(installed(files, { skipped: ['firestore'] })['firestore.rules']).toBe(
      files['firestore.rules'],
    );
  });

  it('says where firebase.json is, if it is above', () => {
    const files = { '../firebase.json': '{}' };

    expect(planned(files).refusals).toMatchObject([{ instead: 'It is in ..: run this there' }]);
  });

  it('goes under a prefix where paths are taken', () => {
    const json = '{"hosting": {"rewrites": [{"source": "/storage/**", "function": "files"}]}}';
    const files = shop({ 'firebase.json': json });

    expect(sourcesOf(installed(files, { prefix: '/tiki' }))).toContain('/tiki/storage/**');
  });

  it('is asked for: the site, which is then the only one that changes', () => {
    const json = `{"hosting": [{"target": "shop"}, {"site": "blog", "rewrites": []}]}`;
    const after = installed(shop({ 'firebase.json': json }), { target: 'blog' });
    const { hosting } = parseJsonc(after['firebase.json'] ?? '') as {
      hosting: readonly { readonly rewrites?: readonly unknown[] }[];
    };

    expect(hosting.map(({ rewrites = [] }) => rewrites.length)).toEqual([0, 8]);
    expect(removed(after)).toEqual(shop({ 'firebase.json': json }));
  });
});

describe('other shapes of a project', () => {
  it.each<readonly [string, Readonly<Record<string, string | undefined>>]>([
    ['nothing in it', { 'firebase.json': '{}' }],
    ['nothing in it, on two lines', { 'firebase.json': '{\n}' }],
    ['functions as an array', { 'firebase.json': '{"functions": [{"source": "functions"}]}' }],
    [
      'a site without rewrites',
      { 'firebase.json': '{\n\t"hosting": {\n\t\t"public": "."\n\t}\n}\n' },
    ],
    [
      'one site in an array',
      { 'firebase.json': '{"hosting": [{"public": ".", "rewrites": [\n]}]}' },
    ],
    [
      'CRLF',
      Object.fromEntries(
        Object.entries(shop()).map(([name, text]) => [name, text.replaceAll('\n', '\r\n')]),
      ),
    ],
    [
      'tabs',
      Object.fromEntries(
        Object.entries(shop()).map(([name, text]) => [name, text.replaceAll('  ', '\t')]),
      ),
    ],
    [
      'no end of the last line',
      Object.fromEntries(Object.entries(shop()).map(([name, text]) => [name, text.trimEnd()])),
    ],
    [
      'rules that are named and do not exist',
      {
        'firestore.rules': undefined,
        'storage.rules': undefined,
        'database.rules.json': undefined,
        'firestore.indexes.json': undefined,
      },
    ],
    [
      'rules on one line',
      {
        'firestore.rules':
          "rules_version = '2'; service cloud.firestore { match /databases/{name}/documents { match /a/{b} { allow read; }}}",
      },
    ],
    [
      'the rules that the Firebase CLI writes, without a semicolon',
      {
        'firestore.rules':
          "rules_version='2'\n\nservice cloud.firestore {\n  match /databases/{database}/documents {\n    match /{document=**} {\n      allow read, write: if false;\n    }\n  }\n}\n",
      },
    ],
    [
      'paths with a dot',
      {
        'firebase.json':
          '{"firestore": {"rules": "./firestore.rules", "indexes": "./firestore.indexes.json"}, "storage": {"rules": "./storage.rules"}}',
      },
    ],
    [
      'rules of one database',
      {
        'firestore.rules':
          "rules_version = '2';\nservice cloud.firestore {\n  match /databases/(default)/documents {\n    match /a/{b} { allow read; }\n  }\n}\n",
      },
    ],
    [
      'a comment at the end of rules',
      {
        'firestore.rules':
          "rules_version = '2';\nservice cloud.firestore {\n  match /databases/{d}/documents {\n    match /a/{b} { allow read; }\n    // 😀 no more }\n  }\n}\n// end",
      },
    ],
    [
      'several databases',
      {
        'firebase.json':
          '{"firestore": [{"database": "other", "rules": "other.rules"}, {"database": "(default)", "rules": "firestore.rules"}]}',
      },
    ],
    [
      'indexes with comments',
      {
        'firestore.indexes.json':
          '{\n  // None.\n  "indexes": [\n    // Not one.\n  ],\n  "fieldOverrides": [] }',
      },
    ],
    [
      'a locked database',
      { 'database.rules.json': '{"rules": {".read": false, ".write": false}}' },
    ],
    [
      'an emulator of Authentication',
      { 'firebase.json': '{"emulators": {"auth": {"port": 9100}, "ui": {"enabled": true}}}' },
    ],
  ])('comes and goes without a trace: %s', (_, changes) => {
    const before = shop(changes);
    const after = installed(before);

    expect(planned(after).edits).toEqual([]);
    expect(removed(after)).toEqual(before);
    // Also if it cannot be put back from a copy, as when somebody has changed the files meanwhile.
    const withoutHashes = {
      ...after,
      [RECORD_FILE]: (after[RECORD_FILE] ?? '').replace(/[\da-f]{64}/g, 'changed'),
    };
    expect(valuesOf(removed(withoutHashes))).toEqual(valuesOf(before));
  });
});

describe('a record that somebody else wrote', () => {
  it.each([
    '../.bashrc',
    'tiki-bridge/../../.bashrc',
    '/etc/cron.d/x',
    String.raw`tiki-bridge\..\..\x`,
    'C:/x',
    'C:x',
  ])('is refused with the path %s', (file) => {
    const files = installed(shop());
    const record = JSON.parse(files[RECORD_FILE] ?? '') as {
      readonly pieces: readonly object[];
      readonly after: object;
      readonly packed: object;
    };
    const hostile = [
      { ...record, pieces: [...record.pieces, { kind: 'text', file, text: 'evil' }] },
      { ...record, after: { ...record.after, [file]: { sha256: ['none'], existed: true } } },
      { ...record, packed: { ...record.packed, file } },
    ];

    for (const each of hostile) {
      const changed = { ...files, [RECORD_FILE]: JSON.stringify(each) };
      const damaged = { edits: [], refusals: [{ place: RECORD_FILE, why: 'it is damaged' }] };
      expect(plannedRemoval(changed)).toMatchObject(damaged);
      expect(planned(changed)).toMatchObject(damaged);
    }
  });
});

it('knows its files in a clone with other ends of lines', () => {
  const before = shop();
  const crlf = (files: Files): Files =>
    Object.fromEntries(
      Object.entries(files).map(([name, text]) => [name, text.replaceAll('\n', '\r\n')]),
    );
  const clone = crlf(installed(before));

  expect(planned(clone)).toMatchObject({ refusals: [] });
  expect(planned(clone).edits.map(({ path }) => path)).toEqual([]);
  expect(removed(clone)).toEqual(crlf(before));
});

/** JSON by its value, other texts without blanks. */
const valuesOf = (files: Files): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(files).map(([name, text]) => [
      name,
      name.endsWith('.json') ? parseJsonc(text) : text.replace(/\s/g, ''),
    ]),
  );
