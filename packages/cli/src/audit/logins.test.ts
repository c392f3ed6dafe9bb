import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../project-files';
import { BUCKET, LOGIN_FILTER, readLogins } from './logins';
import { describeTrail } from './report';

const QUESTION = { from: Date.UTC(2027, 0, 1), to: Date.UTC(2027, 0, 2), uid: 'tiki:1' };
const entry = {
  timestamp: '2027-01-01T05:00:00.000Z',
  jsonPayload: {
    ...{ route: 'auth_exchange', outcome: 'ok', uid: 'tiki:1', requestId: 'r-1' },
    severity: 'INFO',
  },
};

/** The end of the period. */
const NOW = QUESTION.to;
const DAY_MS = 86_400_000;

/** A bucket that was created so many days ago. */
const bucketOf = (days: number) => ({
  createTime: new Date(NOW - days * DAY_MS).toISOString().replace('Z', '123456Z'),
});
const BUCKET_PATH = `projects/shop/locations/global/buckets/${BUCKET}`;

/** Cloud Logging with this bucket, as far as it is asked: `answers` in turn. */
function logging(bucket: object | undefined, ...answers: readonly unknown[]) {
  const asked: Record<string, unknown>[] = [];
  return {
    asked,
    get: (url: string, schema: { parse: (value: unknown) => unknown }) => {
      expect(url).toBe(`https://logging.googleapis.com/v2/${BUCKET_PATH}`);
      // Of the type that the schema has.
      return Promise.resolve(
        (bucket ? { kind: 'data', data: schema.parse(bucket) } : { kind: 'not-found' }) as never,
      );
    },
    post: (url: string, body: object, schema: { parse: (value: unknown) => unknown }) => {
      asked.push({ url, ...body });
      const answer = answers[asked.length - 1];
      const isRefusal = typeof answer === 'object' && answer !== null && 'kind' in answer;
      // Of the type that the schema has.
      return Promise.resolve(
        (isRefusal ? answer : { kind: 'data', data: schema.parse(answer) }) as never,
      );
    },
  };
}

it('asks the bucket that keeps logins, page by page', async () => {
  const api = logging(bucketOf(100), { entries: [entry], nextPageToken: 'next' }, {});
  expect(await readLogins(api, 'shop', QUESTION, NOW)).toEqual({
    logins: [
      {
        ...{ at: Date.UTC(2027, 0, 1, 5), route: 'auth_exchange', outcome: 'ok', uid: 'tiki:1' },
        requestId: 'r-1',
      },
    ],
    ...{ cutAt: undefined, missingBefore: undefined },
  });
  expect(api.asked).toMatchObject([
    {
      url: 'https://logging.googleapis.com/v2/entries:list',
      resourceNames: [`${BUCKET_PATH}/views/_AllLogs`],
      filter:
        `${LOGIN_FILTER} AND timestamp>="2027-01-01T00:00:00.000Z" AND ` +
        'timestamp<"2027-01-02T00:00:00.000Z" AND jsonPayload.uid="tiki:1"',
    },
    { pageToken: 'next' },
  ]);
});

const VIEW = `${BUCKET_PATH}/views/_AllLogs`;

// A sink copies nothing from before its creation. Days ago: the bucket, the period's start, what is missing.
it.each([
  ['no bucket, a week', undefined, 7, 'projects/shop', undefined],
  ['no bucket, two months', undefined, 60, 'projects/shop', 30],
  ['a bucket of today, a week', 0, 7, 'projects/shop', undefined],
  ['a bucket of today, two months', 0, 60, 'projects/shop', 30],
  ['a bucket that is as old as the period', 7, 7, VIEW, undefined],
  ['a bucket that has more than the ordinary log, and less than the period', 50, 60, VIEW, 50],
  ['a bucket that is older than the period', 100, 60, VIEW, undefined],
  ['a period before what the bucket keeps', 600, 500, VIEW, 400],
])(
  'asks the log that has most of the period, and says what is missing: %s',
  async (_, created, days, resource, missing) => {
    const api = logging(created === undefined ? undefined : bucketOf(created), {
      entries: [entry],
    });
    const from = NOW - days * DAY_MS + 1;
    const logins = await readLogins(api, 'shop', { ...QUESTION, from }, NOW);
    const { notes, isComplete } = describeTrail([], logins);

    expect(api.asked).toMatchObject([{ resourceNames: [resource] }]);
    expect(isComplete).toBe(missing === undefined);
    expect(notes).toEqual(
      missing === undefined
        ? []
        : [
            expect.stringContaining(
              `before ${new Date(NOW - missing * DAY_MS).toISOString()} are missing`,
            ),
          ],
    );
  },
);

it('says why the bucket cannot be looked up', async () => {
  const api = {
    ...logging(undefined),
    get: () => Promise.resolve({ kind: 'denied', forQuota: false } as const),
  };
  expect(await readLogins(api, 'shop', QUESTION, NOW)).toMatchObject({ kind: 'denied' });
});

/** Cloud Logging with these logins, epoch ms, as far as it is asked. An empty page comes first. */
function loggingOf(times: readonly number[]) {
  return {
    get: () => Promise.resolve({ kind: 'not-found' } as const),
    post: (_url: string, body: object, schema: { parse: (value: unknown) => unknown }) => {
      const asked = body as { filter: string; pageToken?: string; pageSize: number };
      const from = Date.parse(/timestamp>="([^"]+)"/.exec(asked.filter)?.[1] ?? '');
      const found = times.filter((at) => at >= from);
      const start = Number(asked.pageToken ?? -1);
      const end = start < 0 ? 0 : start + asked.pageSize;
      const entries = found
        .slice(Math.max(start, 0), end)
        .map((at) => ({ ...entry, timestamp: new Date(at).toISOString() }));
      const data = schema.parse({
        entries,
        ...(end < found.length && { nextPageToken: String(end) }),
      });
      // Of the type that the schema has.
      return Promise.resolve({ kind: 'data', data } as never);
    },
  };
}

it.each([
  ['one after the other', 1],
  ['three at each instant', 3],
  ['all of a page at one instant', 250],
  ['more at one instant than are read at once', 2_300],
])('cuts both trails so that the next call goes on with the next line: %s', async (_, together) => {
  const times = Array.from(
    { length: 5_000 },
    (_login, index) => QUESTION.from + Math.floor(index / together),
  );
  // A change at the instant of every login, and one after all of them.
  const changes = [...new Set(times), QUESTION.to - 1].map((at) => ({
    ...{ at, by: 'tiki', uid: 'tiki:1', reference: 'o1' },
    order: { before: null, after: { state: 'waiting', priceVnd: 1, refundedAt: null } },
  }));
  const printed: string[] = [];
  let from: number | undefined = QUESTION.from;
  for (let calls = 0; from !== undefined && calls < 10; calls += 1) {
    const question = { ...QUESTION, from };
    const logins = await readLogins(loggingOf(times), 'shop', question, NOW);
    const { lines, notes, isComplete } = describeTrail(
      changes.filter(({ at }) => at >= question.from),
      logins,
    );
    printed.push(...lines);
    const [, next] = /^Cut: .* --from (\S+Z),/.exec(notes[0] ?? '') ?? [];
    expect(isComplete).toBe(next === undefined);
    from = next === undefined ? undefined : Date.parse(next);
  }

  const timesOf = (what: string) =>
    printed
      .filter((line) => line.includes(`  ${what} `))
      .map((line) => Date.parse(line.slice(0, 24)));
  expect(timesOf('login')).toEqual(times);
  expect(timesOf('order')).toEqual(changes.map(({ at }) => at));
});

it('prints both trails as one, and what it could not read', async () => {
  const logins = await readLogins(logging(undefined, { entries: [entry] }), 'shop', QUESTION, NOW);
  const at = Date.UTC(2027, 0, 1, 4);
  const premium = (until: number, id: string) => ({
    premiumUntil: until,
    version: 1,
    purchases: { [id]: { at, days: 30, status: 'active' as const } },
  });
  const { lines, isComplete } = describeTrail(
    [
      {
        ...{ at, by: 'tiki', uid: 'tiki:1', reference: 'o1' },
        order: {
          before: { state: 'waiting', priceVnd: 49_000, refundedAt: null },
          after: { state: 'paid', priceVnd: 49_000, refundedAt: null },
        },
        premium: { before: null, after: premium(Date.UTC(2027, 1, 1), 'order-o1') },
      },
      {
        ...{ at: at + 7_200_000, by: 'operator a@example.com', uid: 'tiki:1' },
        premium: { before: premium(Date.UTC(2027, 1, 1), 'order-o1'), after: null },
      },
    ],
    logins,
  );
  expect(isComplete).toBe(true);
  expect(lines.map((each) => each.replaceAll(/ {2,}/g, ' | '))).toEqual([
    '2027-01-01T04:00:00.000Z | order | tiki:1 | by tiki | o1: waiting → paid | 49000 VND',
    '2027-01-01T04:00:00.000Z | premium | tiki:1 | by tiki | until none → 2027-02-01T00:00:00.000Z | order-o1: active',
    '2027-01-01T05:00:00.000Z | login | tiki:1 | auth_exchange: ok | r-1',
    '2027-01-01T06:00:00.000Z | premium | tiki:1 | by operator a@example.com | until 2027-02-01T00:00:00.000Z → deleted | order-o1: deleted',
  ]);
  expect(describeTrail([], { kind: 'denied', forQuota: false })).toMatchObject({
    isComplete: false,
    notes: [expect.stringMatching(/roles\/logging\.viewAccessor.* are all printed\.$/)],
  });
});

it('reads what the set-up of a project keeps', () => {
  const script = readFileSync(path.join(ROOT, 'infra/audit-log.sh'), 'utf8');
  expect(script).toContain(`bucket=${BUCKET}\n`);
  expect(script).toContain(`login_filter='${LOGIN_FILTER}'\n`);
});
