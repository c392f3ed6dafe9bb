import {
  clientForTests,
  failureOf,
  MINUTE_MS,
  stored,
} from '@tiki-bridge/testing/tini-runtime/setup';
import { googleError, json } from '@tiki-bridge/testing/tini-runtime/stand-in';

const { scene, loggedIn } = clientForTests();

type Answer = ReturnType<typeof googleError>;

const SIGN_IN = 'signInWithCustomToken';
const REFRESH = '/securetoken';

/** A login whose custom token Google refuses this way, however often it is tried. */
async function refusedLogin(answer: Answer) {
  const { open, server, time } = scene();
  server.answers.push(...Array.from({ length: 3 }, () => ({ path: SIGN_IN, answer })));
  const { firebase } = open();
  const failure = failureOf(firebase.signIn());
  await time.advance(MINUTE_MS);
  return failure;
}

/** A refresh that Google refuses this way, of a session that is kept. */
async function refusedRefresh(answer: Answer) {
  const { firebase, server, time, phone } = await loggedIn();
  server.answers.push(...Array.from({ length: 3 }, () => ({ path: REFRESH, answer })));
  const failure = failureOf(firebase.getIdToken({ forceRefresh: true }));
  await time.advance(MINUTE_MS);
  const { code, message } = await failure;
  expect(firebase.currentUser?.uid).toBe('tiki:1001');
  expect(stored(phone)).toContain('tiki:1001');
  server.answers.length = 0;
  await expect(firebase.getIdToken({ forceRefresh: true })).resolves.toContain('.');
  return { code, message };
}

const THROTTLED = [
  'QUOTA_EXCEEDED',
  'QUOTA_EXCEEDED : Exceeded quota for verifying custom tokens.',
  'TOO_MANY_ATTEMPTS_TRY_LATER',
  'TOO_MANY_ATTEMPTS_TRY_LATER : Too many attempts, please try later.',
];

describe.each([400, 429, 503])('with status %d', (status) => {
  it.each(THROTTLED)('says that the service is busy when Google answers %s', async (message) => {
    const busy = { code: 'resource-exhausted', message: 'Dịch vụ bận. Hãy thử lại sau.' };

    expect(await refusedLogin(googleError(status, message))).toMatchObject(busy);
    expect(await refusedRefresh(googleError(status, message))).toEqual(busy);
  });
});

/** Google's answer to an API key that is restricted or unknown. */
const keyRefusal = (code: number, message: string, reason?: string) =>
  json(code, {
    error: {
      code,
      message,
      status: code === 403 ? 'PERMISSION_DENIED' : 'INVALID_ARGUMENT',
      details: reason && [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason }],
    },
  });

it.each([
  [
    'a key restricted to other APIs',
    keyRefusal(
      403,
      'Requests to this API securetoken.googleapis.com method google.identity.securetoken.v1.SecureToken.GrantToken are blocked.',
      'API_KEY_SERVICE_BLOCKED',
    ),
  ],
  [
    'a key restricted to other APIs, without details',
    keyRefusal(403, 'Requests to this API identitytoolkit.googleapis.com are blocked.'),
  ],
  [
    'a key restricted to web sites',
    keyRefusal(403, 'Requests from referer <empty> are blocked.', 'API_KEY_HTTP_REFERRER_BLOCKED'),
  ],
  [
    'a key restricted to an app',
    keyRefusal(403, 'Requests from this Android client application <empty> are blocked.'),
  ],
  [
    'a key restricted to addresses',
    keyRefusal(403, 'The provided API key has an IP address restriction.'),
  ],
  ['an unknown key', keyRefusal(400, 'API key not valid. Please pass a valid API key.')],
  ['an expired key', keyRefusal(400, 'API key expired. Please renew the API key.')],
  ['a text of tomorrow with a reason', keyRefusal(403, 'No.', 'API_KEY_OF_TOMORROW')],
])('names the key when Google refuses %s, and keeps the session', async (_, answer) => {
  const refused = {
    code: 'api-key-refused',
    message: 'Ứng dụng lỗi. Hãy báo nhà phát triển.',
  };

  expect(await refusedLogin(answer)).toMatchObject(refused);
  expect(await refusedRefresh(answer)).toEqual(refused);
});
