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

/** Cloud Logging, as far as it is asked: `answers` in turn. */
function logging(...answers: readonly unknown[]) {
  const asked: Record<string, unknown>[] = [];
  return {
    asked,
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
  const api = logging({ entries: [entry], nextPageToken: 'next' }, {});
  expect(await readLogins(api, 'shop', QUESTION)).toEqual({
    logins: [
      {
        ...{ at: Date.UTC(2027, 0, 1, 5), route: 'auth_exchange', outcome: 'ok', uid: 'tiki:1' },
        requestId: 'r-1',
      },
    ],
    ...{ cutAt: undefined, isKept: true },
  });
  expect(api.asked).toMatchObject([
    {
      url: 'https://logging.googleapis.com/v2/entries:list',
      resourceNames: [`projects/shop/locations/global/buckets/${BUCKET}/views/_AllLogs`],
      filter:
        `${LOGIN_FILTER} AND timestamp>="2027-01-01T00:00:00.000Z" AND ` +
        'timestamp<"2027-01-02T00:00:00.000Z" AND jsonPayload.uid="tiki:1"',
    },
    { pageToken: 'next' },
  ]);
});

it('asks the ordinary log where there is no such bucket, and says how long that keeps them', async () => {
  const api = logging({ kind: 'not-found' }, { entries: [entry] });
  const logins = await readLogins(api, 'shop', QUESTION);
  expect(api.asked[1]).toMatchObject({ resourceNames: ['projects/shop'] });
  expect(logins).toMatchObject({ isKept: false });
  expect(describeTrail([], logins).notes).toEqual([expect.stringContaining('30 days only')]);
});

/** Cloud Logging with these logins, epoch ms, as far as it is asked. An empty page comes first. */
function loggingOf(times: readonly number[]) {
  return {
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
    const logins = await readLogins(loggingOf(times), 'shop', question);
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
  const logins = await readLogins(logging({ entries: [entry] }), 'shop', QUESTION);
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
