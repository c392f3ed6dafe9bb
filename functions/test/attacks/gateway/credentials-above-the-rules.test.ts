import {
  DOCUMENTS,
  problemOf,
  PROJECT,
  startTestGateway,
  tokenOf,
  type TestGateway,
} from '../../gateway/support/gateway';

const ACCOUNT = `bridge@${PROJECT}.iam.gserviceaccount.com`;

/**
 * Attack: a credential that bypasses the security rules is used through the developer's domain, where
 * it looks like the call of an ordinary user.
 */
describe('credentials that bypass the rules', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway();
  });
  afterAll(() => gateway.close());

  it.each([
    ["the emulators' owner", 'owner'],
    ['an access token', 'ya29.a0AfB_byC-canary'],
    ['an access token with three parts', 'ya29.a.b'],
    ["a service account's access token", 'ya29.c.KpYB-canary'],
    [
      "a service account's self-signed token",
      tokenOf({ iss: ACCOUNT, sub: ACCOUNT, aud: 'https://firestore.googleapis.com/' }),
    ],
    ["a service account's ID token", tokenOf({ iss: 'https://accounts.google.com' })],
    ['a custom token', tokenOf({ iss: ACCOUNT, sub: ACCOUNT, uid: 'tiki:7' })],
    [
      "another project's ID token",
      tokenOf({ iss: 'https://securetoken.google.com/victim-project' }),
    ],
  ])('are refused before they go anywhere: %s', async (_, token) => {
    const headers = { Authorization: `Bearer ${token}` };
    const answers = [
      await gateway.fetch(`${DOCUMENTS}/users/7`, { headers }),
      await gateway.post(`${DOCUMENTS}:commit`, {}, headers),
    ];
    for (const answer of answers) {
      expect(await problemOf(answer)).toEqual([401, 'unauthenticated']);
    }
    // Firebase Auth gets no credential.
    await gateway.post('/securetoken/v1/token', {}, headers);
    expect(gateway.auth.seen.at(-1)?.headers.authorization).toBeUndefined();
    expect(gateway.firestore.seen).toEqual([]);
  });
});
