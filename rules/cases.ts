import { row, type Case, type Service, type Verdict } from './case';
import type { Who } from './people';
import type { StoredFile } from './world';

const ALL = ['firestore', 'storage', 'database'] as const;
const DOCS = ['firestore'] as const;
const FILES = ['storage'] as const;
const NODES = ['database'] as const;

type Extra = Pick<Case, 'data' | 'where'>;
const allow = row('allow');
const deny = row('deny');

const note = (text: unknown): Extra => ({ data: { text } });
const file = (contentType: string, size = 1000): Extra => ({
  data: { contentType, size } satisfies StoredFile,
});
const MIB = 1024 * 1024;

/** Access to premium content: by the claims alone, and by claims and record. */
const GATES: readonly (readonly [Who, Verdict, Verdict, string])[] = [
  ['premium', 'allow', 'allow', 'paid, and the record agrees'],
  ['anonymous', 'deny', 'deny', 'not signed in'],
  ['owner', 'deny', 'deny', 'never paid'],
  ['expired', 'deny', 'deny', 'the claim is in the past'],
  ['expiringNow', 'deny', 'deny', 'premium ends at premiumUntil, not after it'],
  ['untilIsString', 'deny', 'deny', 'premiumUntil is a string'],
  ['untilIsFraction', 'deny', 'deny', 'premiumUntil is not a whole number'],
  ['untilIsBoolean', 'deny', 'deny', 'premiumUntil is a boolean'],
  ['untilIsNull', 'deny', 'deny', 'premiumUntil is null'],
  ['untilIsMissing', 'deny', 'deny', 'no premiumUntil'],
  ['accountIsString', 'deny', 'deny', "premiumAccount is 'true'"],
  ['accountIsNumber', 'deny', 'deny', 'premiumAccount is 1'],
  ['accountIsFalse', 'deny', 'deny', 'premiumAccount is false'],
  ['accountIsMissing', 'deny', 'deny', 'no premiumAccount'],
  ['notYetRefreshed', 'deny', 'deny', 'paid, but the token does not say so yet'],
  ['refunded', 'allow', 'deny', 'the claims are still valid, the record has ended'],
  ['recordExpiringNow', 'allow', 'deny', 'the record ends now'],
  ['recordIsString', 'allow', 'deny', 'the record is malformed'],
  ['recordIsMissing', 'allow', 'deny', 'there is no record'],
];

const gates: readonly Case[] = GATES.flatMap(([who, byClaims, byRecord, because]) => [
  row(byClaims)(who, 'get', 'premiumContent/guide', ALL, because),
  row(byRecord)(who, 'get', 'premiumContentStrict/guide', ALL, because),
]);

const premiumContent: readonly Case[] = ['premiumContent', 'premiumContentStrict'].flatMap(
  (area) => [
    allow(
      'premium',
      'get',
      `${area}/guide/pages/p1`,
      ALL,
      'premium includes everything underneath',
    ),
    allow('premium', 'list', area, ALL, 'the gate opens lists'),
    allow('premium', 'list', `${area}/guide/pages`, DOCS, 'premium includes lists underneath'),
    deny('anonymous', 'list', area, ALL, 'not signed in'),
    deny('owner', 'list', area, ALL, 'never paid'),
    deny(
      'premium',
      'create',
      `${area}/new`,
      ['firestore', 'database'],
      'the server writes',
      note(''),
    ),
    deny('premium', 'create', `${area}/new`, FILES, 'the server uploads', file('image/png')),
    deny(
      'premium',
      'update',
      `${area}/guide`,
      ['firestore', 'database'],
      'the server writes',
      note(''),
    ),
    deny('premium', 'update', `${area}/guide`, FILES, 'the server uploads', file('image/png')),
    deny('premium', 'delete', `${area}/guide`, ALL, 'the server deletes'),
  ],
);

const strangers: readonly Case[] = (
  [
    ['anonymous', 'not signed in'],
    ['other', 'belongs to another user'],
    ['premium', 'premium does not open other users’ data'],
    ['ownerByPassword', 'the uid, but another sign-in provider'],
    ['ownerWithoutProvider', 'the uid, but no provider'],
  ] as const
).flatMap(([who, because]) => [
  deny(who, 'get', 'users/tiki:100', ['firestore', 'database'], because),
  deny(who, 'get', 'users/tiki:100/notes/n1', ALL, because),
  deny(who, 'list', 'users/tiki:100/notes', ALL, because),
  deny(who, 'create', 'users/tiki:100/notes/new', ['firestore', 'database'], because, note('a')),
  deny(who, 'create', 'users/tiki:100/new.png', FILES, because, file('image/png')),
  deny(who, 'update', 'users/tiki:100/notes/n1', ['firestore', 'database'], because, note('a')),
  deny(who, 'update', 'users/tiki:100/notes/n1', FILES, because, file('image/png')),
  deny(who, 'delete', 'users/tiki:100/notes/n1', ALL, because),
  deny(who, 'get', 'entitlements/tiki:100', ['firestore', 'database'], because),
]);

const owner: readonly Case[] = [
  allow('owner', 'get', 'users/tiki:100', ['firestore', 'database'], 'their own profile'),
  allow('owner', 'update', 'users/tiki:100', DOCS, 'their own profile', { data: { name: 'Hoa' } }),
  allow('owner', 'delete', 'users/tiki:100', ['firestore', 'database'], 'their own profile'),
  allow('other', 'create', 'users/tiki:200', ['firestore', 'database'], 'their own profile', {
    data: { name: 'Minh' },
  }),
  allow('owner', 'get', 'users/tiki:100/notes/n1', ALL, 'their own'),
  allow('owner', 'get', 'users/tiki:100/things/t1', ['firestore', 'database'], 'any collection'),
  allow('owner', 'list', 'users/tiki:100/notes', ALL, 'their own'),
  allow('owner', 'list', 'users/tiki:100', FILES, 'their own files'),
  allow('owner', 'delete', 'users/tiki:100/notes/n1', ALL, 'their own'),
  deny('owner', 'list', 'users', ALL, 'a list would show other users'),
  deny(
    'owner',
    'create',
    'users/tiki:200/notes/new',
    ['firestore', 'database'],
    'not theirs',
    note('a'),
  ),
  deny('owner', 'create', 'users/tiki:200/new.png', FILES, 'not theirs', file('image/png')),
];

const notes: readonly Case[] = [
  allow(
    'owner',
    'create',
    'users/tiki:100/notes/new',
    ['firestore', 'database'],
    'a note',
    note('a'),
  ),
  allow(
    'owner',
    'update',
    'users/tiki:100/notes/n1',
    ['firestore', 'database'],
    'a note',
    note('b'),
  ),
  allow('owner', 'create', 'users/tiki:100/notes/new', DOCS, 'longest', note('a'.repeat(10_000))),
  allow('owner', 'create', 'users/tiki:100/notes/new', DOCS, 'no text', { data: { n: 1 } }),
  deny('owner', 'create', 'users/tiki:100/notes/new', DOCS, 'too long', note('a'.repeat(10_001))),
  deny('owner', 'update', 'users/tiki:100/notes/n1', DOCS, 'too long', note('a'.repeat(10_001))),
  deny('owner', 'create', 'users/tiki:100/notes/new', DOCS, 'text is a number', note(5)),
  deny('owner', 'create', 'users/tiki:100/notes/new', DOCS, 'text is a list', note(['a'])),
  deny('owner', 'update', 'users/tiki:100/notes/n1', DOCS, 'text is a list', note(['a'])),
  deny('owner', 'create', 'users/tiki:100/notes/n1/more/m1', DOCS, 'also under a note', note(5)),
  ...(['firestore', 'database'] as const).flatMap((service) => [
    allow('owner', 'create', 'users/tiki:100/things/new', [service], 'no schema required', note(5)),
    allow('owner', 'update', 'users/tiki:100/things/t1', [service], 'no schema required', note(5)),
    allow(
      'owner',
      'create',
      'users/tiki:100/things/t1/more/m1',
      [service],
      'at any depth',
      note(5),
    ),
  ]),
];

const uploads: readonly Case[] = [
  ...['avif', 'gif', 'heic', 'heif', 'jpeg', 'png', 'webp'].map((type) =>
    allow('owner', 'create', 'users/tiki:100/new', FILES, 'a picture', file(`image/${type}`)),
  ),
  allow('owner', 'create', 'users/tiki:100/new', FILES, 'a PDF', file('application/pdf')),
  allow('owner', 'create', 'users/tiki:100/a/b/new', FILES, 'at any depth', file('image/png')),
  allow('owner', 'create', 'users/tiki:100/new', FILES, '10 MiB', file('image/png', 10 * MIB)),
  deny('owner', 'create', 'users/tiki:100/new', FILES, 'too big', file('image/png', 10 * MIB + 1)),
  ...[
    'image/svg+xml',
    'text/html',
    'application/zip',
    'image/',
    '',
    'ximage/png',
    'image/pngx',
  ].map((type) =>
    deny('owner', 'create', 'users/tiki:100/new', FILES, 'not of a safe type', file(type)),
  ),
  allow('owner', 'update', 'users/tiki:100/notes/n1', FILES, 'a new picture', file('image/jpeg')),
  deny('owner', 'update', 'users/tiki:100/notes/n1', FILES, 'made HTML', file('text/html')),
  deny('owner', 'update', 'users/tiki:100/notes/n1', FILES, 'too big', file('image/png', 11 * MIB)),
];

const records: readonly Case[] = [
  allow('owner', 'get', 'entitlements/tiki:100', ['firestore', 'database'], 'their own record'),
  deny('owner', 'get', 'entitlements/tiki:300', ['firestore', 'database'], 'another’s record'),
  deny('owner', 'list', 'entitlements', ['firestore', 'database'], 'everybody’s records'),
  ...(['firestore', 'database'] as const).flatMap((service) => [
    deny('owner', 'update', 'entitlements/tiki:100', [service], 'would be premium for free', {
      data: { premiumUntil: 9_999_999_999_999 },
    }),
    deny('other', 'create', 'entitlements/tiki:200', [service], 'would be premium for free', {
      data: { premiumUntil: 9_999_999_999_999 },
    }),
    deny('ownerByPassword', 'update', 'entitlements/tiki:100', [service], 'also by e-mail', {
      data: { premiumUntil: 9_999_999_999_999 },
    }),
  ]),
  deny(
    'owner',
    'delete',
    'entitlements/tiki:100',
    ['firestore', 'database'],
    'the server’s record',
  ),
  deny('owner', 'create', 'entitlements/tiki:100/more/m1', DOCS, 'also below', note('a')),
  deny('owner', 'get', 'entitlements/tiki:100/more/m1', DOCS, 'also below'),
];

/** Whoever could write one could have paid nothing; what is paid stands in receipts. */
const orders: readonly Case[] = (['owner', 'premium', 'anonymous'] as const).flatMap((who) => [
  deny(who, 'get', 'orders/o1', DOCS, 'the server’s'),
  deny(who, 'get', 'orders/none', DOCS, 'no such order'),
  deny(who, 'list', 'orders', DOCS, 'the server’s'),
  deny(who, 'list', 'orders', DOCS, 'also their own', { where: { uid: 'tiki:100' } }),
  deny(who, 'create', 'orders/new', DOCS, 'the server’s', { data: { uid: 'tiki:100' } }),
  deny(who, 'update', 'orders/o1', DOCS, 'the server’s', { data: { uid: 'tiki:100', total: 0 } }),
  deny(who, 'delete', 'orders/o1', DOCS, 'the server’s'),
  deny(who, 'get', 'orders/o1/orderMessages/m1', DOCS, 'what Tiki told the server'),
  deny(who, 'list', 'orders/o1/orderMessages', DOCS, 'what Tiki told the server'),
  deny(who, 'create', 'orders/o1/orderMessages/new', DOCS, 'also below', {
    data: { status: 'paid' },
  }),
  deny(who, 'update', 'orders/o1/orderMessages/m1', DOCS, 'also below', {
    data: { status: 'paid' },
  }),
  deny(who, 'delete', 'orders/o1/orderMessages/m1', DOCS, 'also below'),
]);

const receipts: readonly Case[] = [
  allow('owner', 'get', 'users/tiki:100/receipts/o1', DOCS, 'their own'),
  allow('owner', 'list', 'users/tiki:100/receipts', DOCS, 'their own'),
  ...(['owner', 'other', 'premium', 'anonymous'] as const).flatMap((who) => [
    deny(who, 'create', 'users/tiki:100/receipts/new', DOCS, 'the server says what was paid', {
      data: { priceVnd: 49_000, state: 'paid' },
    }),
    deny(who, 'update', 'users/tiki:100/receipts/o1', DOCS, 'the server says what was paid', {
      data: { priceVnd: 49_000, state: 'paid' },
    }),
    deny(who, 'delete', 'users/tiki:100/receipts/o1', DOCS, 'the server says what was paid'),
  ]),
  deny('owner', 'create', 'users/tiki:100/receipts/o1/more/m1', DOCS, 'also below', note('a')),
  deny('other', 'get', 'users/tiki:100/receipts/o1', DOCS, 'another’s'),
  deny('other', 'list', 'users/tiki:100/receipts', DOCS, 'another’s'),
];

const elsewhere: readonly Case[] = (['owner', 'premium', 'anonymous'] as const).flatMap((who) => [
  deny(who, 'get', 'settings/app', ALL, 'nothing opens it'),
  deny(who, 'list', 'settings', ALL, 'nothing opens it'),
  deny(who, 'create', 'settings/new', ['firestore', 'database'], 'nothing opens it', note('a')),
  deny(who, 'create', 'new.png', FILES, 'nothing opens it', file('image/png')),
  deny(who, 'delete', 'settings/app', ALL, 'nothing opens it'),
]);

/** Users who could reset their own counters would have no rate limit. */
const rateLimits: readonly Case[] = (['owner', 'premium', 'anonymous'] as const).flatMap((who) => [
  deny(who, 'get', 'rateLimits/c1', DOCS, 'the server counts'),
  deny(who, 'list', 'rateLimits', DOCS, 'the server counts'),
  deny(who, 'create', 'rateLimits/new', DOCS, 'the server counts', { data: { count: -1000 } }),
  deny(who, 'update', 'rateLimits/c1', DOCS, 'the server counts', { data: { count: 0 } }),
  deny(who, 'delete', 'rateLimits/c1', DOCS, 'the server counts'),
]);

/** Whoever could write one would be handed any user's session. */
const handOvers: readonly Case[] = (['owner', 'premium', 'anonymous'] as const).flatMap((who) => [
  deny(who, 'get', 'handOvers/h1', DOCS, 'the server hands over'),
  deny(who, 'list', 'handOvers', DOCS, 'the server hands over'),
  deny(who, 'create', 'handOvers/new', DOCS, 'the server hands over', {
    data: { uid: 'tiki:100' },
  }),
  deny(who, 'update', 'handOvers/h1', DOCS, 'the server hands over', { data: { uid: 'tiki:100' } }),
  deny(who, 'delete', 'handOvers/h1', DOCS, 'the server hands over'),
]);

/** Whoever could write one could hide what they did; what is in them concerns operators too. */
const audit: readonly Case[] = (['owner', 'premium', 'anonymous'] as const).flatMap((who) => [
  deny(who, 'get', 'bridgeAudit/a1', DOCS, 'the server’s'),
  deny(who, 'list', 'bridgeAudit', DOCS, 'the server’s'),
  deny(who, 'list', 'bridgeAudit', DOCS, 'also their own', { where: { uid: 'tiki:100' } }),
  deny(who, 'create', 'bridgeAudit/new', DOCS, 'the server’s', { data: { uid: 'tiki:100' } }),
  deny(who, 'update', 'bridgeAudit/a1', DOCS, 'the server’s', { data: { by: 'tiki' } }),
  deny(who, 'delete', 'bridgeAudit/a1', DOCS, 'the server’s'),
]);

const DEVICE = {
  token: 'fcm-token',
  platform: 'web',
  language: 'vi',
  updatedAt: new Date(Date.UTC(2026, 10, 1)),
};
const device = (changes: object = {}): Extra => ({ data: { ...DEVICE, ...changes } });
const undated = { token: DEVICE.token, platform: DEVICE.platform, language: DEVICE.language };

const devices: readonly Case[] = [
  allow('owner', 'get', 'users/tiki:100/devices/0', DOCS, 'their own'),
  allow('owner', 'list', 'users/tiki:100/devices', DOCS, 'to find a free id'),
  allow('owner', 'delete', 'users/tiki:100/devices/0', DOCS, 'signs out'),
  allow('owner', 'update', 'users/tiki:100/devices/0', DOCS, 'registers again', device()),
  ...['android', 'ios', 'web'].map((platform) =>
    allow('owner', 'create', 'users/tiki:100/devices/9', DOCS, 'a device', device({ platform })),
  ),
  ...['en', 'vi'].map((language) =>
    allow('owner', 'create', 'users/tiki:100/devices/1', DOCS, 'a device', device({ language })),
  ),
  ...(
    [
      ['longest', { token: 'a'.repeat(1_024) }],
      ['shortest', { token: 'a' }],
    ] as const
  ).map(([because, changes]) =>
    allow('owner', 'create', 'users/tiki:100/devices/1', DOCS, because, device(changes)),
  ),
  ...['10', 'a', 'phone', '٣'].map((id) =>
    deny('owner', 'create', `users/tiki:100/devices/${id}`, DOCS, 'not 0 to 9', device()),
  ),
  ...(
    [
      ['too long', { token: 'a'.repeat(1_025) }],
      ['empty', { token: '' }],
      ['token is a list', { token: ['a'] }],
      ['token is a number', { token: 5 }],
      ['no such platform', { platform: 'tv' }],
      ['no such language', { language: 'fr' }],
      ['not a time', { updatedAt: '2026-11-01T00:00:00Z' }],
      ['more than a device', { name: 'a'.repeat(100) }],
    ] as const
  ).flatMap(([because, changes]) => [
    deny('owner', 'create', 'users/tiki:100/devices/1', DOCS, because, device(changes)),
    deny('owner', 'update', 'users/tiki:100/devices/0', DOCS, because, device(changes)),
  ]),
  deny('owner', 'create', 'users/tiki:100/devices/1', DOCS, 'no time', { data: undated }),
  deny('owner', 'create', 'users/tiki:100/devices/0/more/1', DOCS, 'also below', device()),
  deny('owner', 'create', 'users/tiki:100/devices/0/devices/1', DOCS, 'also below', device()),
  // A token of somebody else's device would show them what this user is told.
  deny('owner', 'create', 'users/tiki:200/devices/0', DOCS, 'for another user', device()),
  ...(['anonymous', 'other', 'premium', 'ownerByPassword'] as const).flatMap((who) => [
    deny(who, 'get', 'users/tiki:100/devices/0', DOCS, 'another’s token'),
    deny(who, 'list', 'users/tiki:100/devices', DOCS, 'another’s tokens'),
    deny(who, 'update', 'users/tiki:100/devices/0', DOCS, 'another’s device', device()),
    deny(who, 'delete', 'users/tiki:100/devices/0', DOCS, 'another’s device'),
  ]),
];

/** Whoever could write one could send messages at the project's cost. */
const notifications: readonly Case[] = [
  allow('owner', 'get', 'users/tiki:100/notifications/n1', DOCS, 'their own'),
  allow('owner', 'list', 'users/tiki:100/notifications', DOCS, 'their own'),
  ...(['owner', 'other', 'premium', 'anonymous'] as const).flatMap((who) => [
    deny(who, 'create', 'users/tiki:100/notifications/new', DOCS, 'the server tells', {
      data: { title: 'a', body: 'b' },
    }),
    deny(who, 'update', 'users/tiki:100/notifications/n1', DOCS, 'the server tells', {
      data: { title: 'a', body: 'b' },
    }),
    deny(who, 'delete', 'users/tiki:100/notifications/n1', DOCS, 'the server tells'),
  ]),
  deny('owner', 'create', 'users/tiki:100/notifications/n1/more/m1', DOCS, 'also below', note('a')),
  deny('other', 'get', 'users/tiki:100/notifications/n1', DOCS, 'another’s'),
  deny('other', 'list', 'users/tiki:100/notifications', DOCS, 'another’s'),
];

/** The whole table. Each engine judges the rows of its service. */
const CASES: readonly Case[] = [
  ...gates,
  ...premiumContent,
  ...strangers,
  ...owner,
  ...notes,
  ...uploads,
  ...records,
  ...orders,
  ...receipts,
  ...elsewhere,
  ...rateLimits,
  ...handOvers,
  ...audit,
  ...devices,
  ...notifications,
  deny('owner', 'list', '', NODES, 'the root is closed'),
];

export const casesOf = (service: Service): readonly Case[] =>
  CASES.filter(({ services }) => services.includes(service));
