import { dataOf, post, reasonOf, simulatorForEachTest } from './test-client';

const START = 1_700_000_000_000;
const MINUTE = 60_000;

describe('the login calls', () => {
  let time = START;
  const tiki = simulatorForEachTest({ now: () => time });
  beforeEach(() => {
    time = START;
  });

  function call(path: Parameters<typeof post>[1], body: object) {
    return post(tiki(), path, body, { timestamp: time });
  }
  const exchange = (code: string) => call('/oauth/auth/token', { code });
  const refresh = (token: string | undefined) =>
    call('/oauth/auth/token/refresh', { refresh_token: token });
  const me = (token: string) => call('/oauth/me', { access_token: token });
  function issue(scopes: readonly string[] = [], customerId = '1001') {
    return tiki().issueAuthCode({ customerId, customerName: 'Nguyễn "A"', scopes }).authCode;
  }

  it('issues codes in the format of my.getAuthCode', () => {
    const grant = tiki().issueAuthCode({ customerId: '1001', scopes: ['offline', 'user_profile'] });
    expect(grant).toEqual({
      authCode: expect.stringMatching(/^[\w-]{40,}\.[\w-]{40,}$/) as string,
      authSuccessScopes: ['offline', 'user_profile'],
      authErrorScopes: {},
    });
  });

  it('exchanges a code for tokens and the customer', async () => {
    const answer = await exchange(issue(['offline']));
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    const body = Buffer.from(answer.body, 'latin1').toString('utf8');
    expect(JSON.parse(body)).toEqual({
      data: {
        access_token: expect.any(String) as string,
        expires_in: 3600,
        refresh_token: expect.any(String) as string,
        scopes: ['offline'],
        token_type: 'bearer',
        customer: { id: 1001, name: 'Nguyễn "A"' },
      },
      error: null,
    });
  });

  it('returns no refresh token without the scope offline', async () => {
    expect(dataOf(await exchange(issue(['user_profile'])))).not.toHaveProperty('refresh_token');
  });

  it.each(['1', '9007199254740993', '9223372036854775807'])(
    'writes the customer id %s digit for digit, as a bare number',
    async (customerId) => {
      const answer = await exchange(issue([], customerId));
      expect(answer.body).toContain(`"customer":{"id":${customerId},`);
      const profile = await me(dataOf(answer).access_token);
      expect(profile.body).toContain(`"customer_id":${customerId},`);
    },
  );

  it('refuses a code that it never issued', async () => {
    const answer = await exchange('never.issued');
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toEqual({
      data: null,
      error: {
        code: 400,
        reason: 'invalid_code',
        message: 'invalid auth code',
        metadata: {
          service_code: 'tiki-simulator',
          request_id: expect.stringMatching(/^[\da-f-]{36}$/) as string,
        },
      },
    });
  });

  it('exchanges a code once, even if it arrives twice at the same time', async () => {
    const code = issue();
    const answers = await Promise.all([exchange(code), exchange(code), exchange(code)]);
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 400, 400]);
    expect(reasonOf(await exchange(code))).toBe('invalid_code');
    expect(tiki().calls.at(-1)?.problem).toBe('code was already used');
  });

  it('exchanges a code until the last millisecond before its expiry', async () => {
    const [early, late] = [issue(), issue()];
    time = START + 5 * MINUTE - 1;
    expect((await exchange(early)).status).toBe(200);
    time = START + 5 * MINUTE;
    expect(reasonOf(await exchange(late))).toBe('invalid_code');
    expect(tiki().calls.at(-1)?.problem).toBe('code has expired');
  });

  it('returns the customer of an access token until it expires', async () => {
    const { access_token } = dataOf(await exchange(issue(['user_profile'])));
    time = START + 60 * MINUTE - 1;
    expect(JSON.parse((await me(access_token)).body)).toMatchObject({
      data: { customer_id: 1001, scopes: ['user_profile'] },
      error: null,
    });
    time = START + 60 * MINUTE;
    expect(reasonOf(await me(access_token))).toBe('invalid_token');
  });

  it('refreshes without returning the customer', async () => {
    const { refresh_token } = dataOf(await exchange(issue(['offline'])));
    const refreshed = dataOf(await refresh(refresh_token));
    expect(refreshed).toEqual({
      access_token: expect.any(String) as string,
      expires_in: 3600,
      refresh_token: expect.any(String) as string,
      scopes: ['offline'],
      token_type: 'bearer',
    });
    expect((await me(refreshed.access_token)).body).toContain('"customer_id":1001');
  });

  it('rotates refresh tokens: the old one is invalid, the new one works', async () => {
    const first = dataOf(await exchange(issue(['offline'])));
    const second = dataOf(await refresh(first.refresh_token));
    expect(reasonOf(await refresh(first.refresh_token))).toBe('invalid_token');
    expect((await refresh(second.refresh_token)).status).toBe(200);
  });

  it('does not confuse one kind of token with another', async () => {
    const { access_token, refresh_token = '' } = dataOf(await exchange(issue(['offline'])));
    expect(reasonOf(await refresh(access_token))).toBe('invalid_token');
    expect(reasonOf(await me(refresh_token))).toBe('invalid_token');
    expect(reasonOf(await exchange(access_token))).toBe('invalid_code');
  });

  it.each(['0', '-5', '01', '1e3', '1.0', '', ' 1', '9223372036854775808'])(
    'issues no code for the customer id %j',
    (customerId) => {
      expect(() => tiki().issueAuthCode({ customerId })).toThrow('customerId must be a positive');
    },
  );
});

describe('with the option failureStatus', () => {
  const tiki = simulatorForEachTest({ failureStatus: 200 });

  it('sends failure envelopes with that status', async () => {
    const answer = await post(tiki(), '/oauth/auth/token', { code: 'never.issued' });
    expect(answer.status).toBe(200);
    expect(reasonOf(answer)).toBe('invalid_code');
  });
});
