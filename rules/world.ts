import { people, type Person } from './people';

export type Fields = Readonly<Record<string, unknown>>;

/** The stored data before each case, under the same paths in every service. */
export interface World {
  /** Firestore's documents by path; the Realtime Database has the same values as one tree. */
  readonly documents: Readonly<Record<string, Fields>>;
  /** Storage's files by name. */
  readonly files: Readonly<Record<string, StoredFile>>;
}

/** The parts of a file that rules read; `size` in bytes. */
export interface StoredFile extends Fields {
  readonly size: number;
  readonly contentType: string;
}

function entitlements(now: number): Record<string, Fields> {
  const everybody: readonly Person[] = Object.values(people(now));
  return Object.fromEntries(
    everybody.flatMap(({ auth, recorded }) =>
      auth && recorded !== undefined
        ? [[`entitlements/${auth.uid}`, { premiumUntil: recorded, version: 1 }]]
        : [],
    ),
  );
}

export function world(now: number): World {
  return {
    documents: {
      'users/tiki:100': { name: 'Lan' },
      'users/tiki:100/notes/n1': { text: 'xin chào' },
      'users/tiki:100/things/t1': { a: 1 },
      'users/tiki:100/devices/0': {
        token: 'fcm-token',
        platform: 'android',
        language: 'vi',
        updatedAt: new Date(now - 60_000),
      },
      'users/tiki:100/notifications/n1': { title: 'Chào', body: 'Bạn khoẻ không?' },
      'users/tiki:100/receipts/o1': { planId: 'month', priceVnd: 49_000, state: 'paid' },
      'premiumContent/guide': { title: 'Hà Nội' },
      'premiumContent/guide/pages/p1': { title: 'Hồ Gươm' },
      'premiumContentStrict/guide': { title: 'Sài Gòn' },
      'premiumContentStrict/guide/pages/p1': { title: 'Chợ Lớn' },
      'orders/o1': { uid: 'tiki:100', total: 1000 },
      'orders/o1/orderMessages/m1': { uid: 'tiki:100', status: 'paid' },
      'settings/app': { open: true },
      'rateLimits/c1': { count: 40, expiresAt: now + 60_000 },
      'handOvers/h1': { uid: 'tiki:100', origin: 'https://shop.example.com' },
      'bridgeAudit/a1': { uid: 'tiki:100', by: 'tiki', at: now - 60_000 },
      ...entitlements(now),
    },
    files: Object.fromEntries(
      [
        'users/tiki:100/notes/n1',
        'premiumContent/guide',
        'premiumContent/guide/pages/p1',
        'premiumContentStrict/guide',
        'premiumContentStrict/guide/pages/p1',
        'orders/o1',
        'settings/app',
      ].map((name) => [name, { size: 1000, contentType: 'image/png' }]),
    ),
  };
}

/** The documents as a Realtime Database tree. */
export function databaseTree({ documents }: World): Fields {
  const root: Record<string, unknown> = {};
  for (const [path, fields] of Object.entries(documents)) {
    let node = root;
    for (const key of path.split('/')) {
      // All intermediate values were created by this loop.
      node = (node[key] ??= {}) as Record<string, unknown>;
    }
    for (const [name, value] of Object.entries(fields)) {
      // The Realtime Database has no type for times.
      node[name] = value instanceof Date ? value.getTime() : value;
    }
  }
  return root;
}
