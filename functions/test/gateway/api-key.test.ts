import { API_KEY, startTestGateway } from './support/gateway';

/** Same length as Google's keys. */
const CALLERS = 'callers-web-api-key-of-39-characters-ok';
const SIGN_IN = '/identitytoolkit/v1/accounts:signInWithCustomToken';

/** The key with which a call reaches the upstream, or the status of the response. */
async function keyFor(query: string, env: Readonly<Record<string, string>>) {
  const gateway = await startTestGateway({ env });
  const { status } = await gateway.post(`${SIGN_IN}${query}`, {});
  await gateway.close();
  const [sent] = gateway.auth.seen;
  return sent ? new URL(sent.target, gateway.origin).searchParams.getAll('key') : status;
}

describe('the API key of a call to Firebase Auth', () => {
  it("is the server's, whatever the caller sends", async () => {
    expect(await keyFor('', {})).toEqual([API_KEY]);
    expect(await keyFor(`?key=${CALLERS}`, {})).toEqual([API_KEY]);
  });

  it("is the caller's if the server has none", async () => {
    expect(await keyFor(`?key=${CALLERS}`, { WEB_API_KEY: '' })).toEqual([CALLERS]);
  });

  it.each(['', '?key=', '?key=gateway', `?key=${CALLERS}%26access_token=a`])(
    "is the emulator's if there is none: %j",
    async (query) => {
      expect(await keyFor(query, { WEB_API_KEY: '' })).toEqual(['emulator']);
    },
  );
});
