import {
  clientForTests,
  failureOf,
  MINUTE_MS,
  refreshes,
  stored,
} from '@tiki-bridge/testing/tini-runtime/setup';
import { googleError, problem } from '@tiki-bridge/testing/tini-runtime/stand-in';

const { loggedIn } = clientForTests();

const bare = (status: number) => ({ status, headers: {}, body: '' });

/** A refresh, which can be repeated, that gets this answer each time: its code and attempts. */
async function refreshWith(answer: ReturnType<typeof bare>) {
  const { firebase, server, phone, time } = await loggedIn();
  server.answers.push(...Array.from({ length: 5 }, () => ({ path: '/securetoken', answer })));
  const failure = failureOf(firebase.getIdToken({ forceRefresh: true }));
  await time.advance(MINUTE_MS);
  const { code } = await failure;
  return { code, attempts: refreshes({ phone }) };
}

it.each([
  ['409 ABORTED', googleError(409, 'Too much contention.', 'ABORTED'), 'aborted'],
  ['409 without a body', bare(409), 'aborted'],
  ['429', bare(429), 'rate-limited'],
  ['429 of Google', googleError(429, 'Quota.', 'RESOURCE_EXHAUSTED'), 'resource-exhausted'],
  ['500', bare(500), 'internal'],
  ['500 of Google', googleError(500, 'Internal error.', 'INTERNAL'), 'internal'],
  ['503', bare(503), 'unavailable'],
  ['503 of the gateway', problem(503, 'upstream-unavailable'), 'upstream-unavailable'],
  ['503 overloaded', problem(503, 'overloaded'), 'overloaded'],
])('retries twice after %s', async (_, answer, code) => {
  expect(await refreshWith(answer)).toEqual({ code, attempts: 3 });
});

it.each([
  ['409 ALREADY_EXISTS', googleError(409, 'Exists.', 'ALREADY_EXISTS'), 'already-exists'],
  ['400 OUT_OF_RANGE', googleError(400, 'Out.', 'OUT_OF_RANGE'), 'out-of-range'],
  ['499 CANCELLED', googleError(499, 'Cancelled.', 'CANCELLED'), 'cancelled'],
  ['500 UNKNOWN', googleError(500, 'Unknown.', 'UNKNOWN'), 'unknown'],
  ['501', googleError(501, 'No.', 'UNIMPLEMENTED'), 'unimplemented'],
  ['500 DATA_LOSS', googleError(500, 'Lost.', 'DATA_LOSS'), 'data-loss'],
  ['500 misconfigured', problem(500, 'misconfigured'), 'misconfigured'],
  ['504', bare(504), 'deadline-exceeded'],
  ['504 of the gateway', problem(504, 'upstream-timeout'), 'upstream-timeout'],
  ['403', bare(403), 'forbidden'],
  ['HTML with 200', { ...bare(200), body: '<html></html>' }, 'bad-response'],
  ['a redirect', { ...bare(302), body: '{"id_token":"a"}' }, 'bad-response'],
])('does not retry after %s', async (_, answer, code) => {
  expect(await refreshWith(answer)).toEqual({ code, attempts: 1 });
});

it('keeps the session when the Web API key belongs to another project', async () => {
  const { firebase, server, phone } = await loggedIn();
  const answer = googleError(400, 'PROJECT_NUMBER_MISMATCH');
  server.answers.push({ path: '/securetoken', answer });
  const failure = await failureOf(firebase.getIdToken({ forceRefresh: true }));
  expect(failure.code).toBe('project-number-mismatch');
  expect(firebase.currentUser?.uid).toBe('tiki:1001');
  expect(stored(phone)).toContain('tiki:1001');
});
