import { Problem, type OperatorNote } from '../problem';
import { parseAuthParameters } from './parameters';

const complete = { TIKI_CLIENT_KEY: 'key', TIKI_CLIENT_SECRET: 'canary-secret' };

function noteOf(env: Record<string, string | undefined>): OperatorNote | undefined {
  try {
    parseAuthParameters(env);
  } catch (error) {
    if (error instanceof Problem && error.code === 'misconfigured') {
      expect(JSON.stringify(error.extras)).not.toContain('canary');
      return error.extras.operator;
    }
    throw error;
  }
  throw new Error('the configuration was accepted');
}

const faultOf = (env: Record<string, string | undefined>) => noteOf(env)?.cause ?? '';

describe('parseAuthParameters', () => {
  it('takes a previous secret below the current one', () => {
    const { TIKI_CLIENT_SECRET: secrets } = parseAuthParameters({
      ...complete,
      TIKI_CLIENT_SECRET: 'canary-new\ncanary-old',
    });
    expect(secrets).toEqual(['canary-new', 'canary-old']);
    for (const wrong of [
      'canary-new\n',
      '\ncanary-old',
      'canary\ncanary\ncanary',
      'canary\ncan ary',
    ]) {
      expect(faultOf({ ...complete, TIKI_CLIENT_SECRET: wrong })).toContain(
        'TIKI_CLIENT_SECRET has white space in it or around it',
      );
    }
  });

  it('needs a key and a secret, and knows the rest by itself', () => {
    expect(parseAuthParameters(complete)).toEqual({
      TIKI_CLIENT_KEY: 'key',
      TIKI_CLIENT_SECRET: ['canary-secret'],
      TIKI_API_BASE_URL: 'https://api.tiki.vn/tiniapp-open-api',
      TIKI_TOKENS_TO_CLIENT: 'false',
      SIGNING_SERVICE_ACCOUNT: undefined,
      ALLOWED_ORIGINS: new Set(),
      APP_CHECK_APP_ID: undefined,
      RATE_LIMIT_PER_MINUTE: 30,
      RATE_LIMIT_STORE: 'memory',
      TRUSTED_PROXIES: [],
      MAX_IN_FLIGHT: 400,
      TRACES_ENDPOINT: undefined,
      OPERATOR_EMAILS: new Set(),
    });
  });

  it('takes an empty value for an absent one', () => {
    const empty = { TIKI_API_BASE_URL: '', SIGNING_SERVICE_ACCOUNT: '', ALLOWED_ORIGINS: '' };
    expect(parseAuthParameters({ ...complete, ...empty, TIKI_TOKENS_TO_CLIENT: '' })).toEqual(
      parseAuthParameters(complete),
    );
  });

  it('reads every parameter', () => {
    const config = parseAuthParameters({
      ...complete,
      TIKI_API_BASE_URL: 'http://127.0.0.1:9010/tiniapp-open-api/',
      TIKI_TOKENS_TO_CLIENT: 'true',
      SIGNING_SERVICE_ACCOUNT: 'signer@demo.iam.gserviceaccount.com',
      ALLOWED_ORIGINS: 'https://a.example, http://localhost:5002,',
      APP_CHECK_APP_ID: '1:123456789:web:0a1b2c',
      RATE_LIMIT_PER_MINUTE: '0',
      RATE_LIMIT_STORE: 'firestore',
      TRUSTED_PROXIES: '203.0.113.9, 2001:db8::/32,',
      MAX_IN_FLIGHT: '80',
      TRACES_ENDPOINT: 'https://telemetry.googleapis.com/v1/traces',
      OPERATOR_EMAILS: 'Lan@example.com, ops@demo.iam.gserviceaccount.com,',
    });
    expect(config).toEqual({
      TIKI_CLIENT_KEY: 'key',
      TIKI_CLIENT_SECRET: ['canary-secret'],
      TIKI_API_BASE_URL: 'http://127.0.0.1:9010/tiniapp-open-api',
      TIKI_TOKENS_TO_CLIENT: 'true',
      SIGNING_SERVICE_ACCOUNT: 'signer@demo.iam.gserviceaccount.com',
      ALLOWED_ORIGINS: new Set(['https://a.example', 'http://localhost:5002']),
      APP_CHECK_APP_ID: '1:123456789:web:0a1b2c',
      RATE_LIMIT_PER_MINUTE: 0,
      RATE_LIMIT_STORE: 'firestore',
      TRUSTED_PROXIES: ['203.0.113.9', '2001:db8::/32'],
      MAX_IN_FLIGHT: 80,
      TRACES_ENDPOINT: 'https://telemetry.googleapis.com/v1/traces',
      OPERATOR_EMAILS: new Set(['lan@example.com', 'ops@demo.iam.gserviceaccount.com']),
    });
  });

  it('names all that is missing at once', () => {
    expect(faultOf({})).toBe('TIKI_CLIENT_KEY is not set; TIKI_CLIENT_SECRET is not set');
  });

  it('says what fixes it', () => {
    expect(noteOf({})?.remedy).toBe(
      'set the secret with `npx firebase functions:secrets:set TIKI_CLIENT_SECRET --project ' +
        '<project>`, the parameters in functions/.env.<project> (or .env.<alias>, if you have ' +
        'that), then `npx firebase deploy --only functions:tiki-bridge:auth --project <project>` (or the alias)',
    );
  });

  it.each(['canary\n', ' canary', 'can ary'])('notices white space in a secret: %j', (secret) => {
    expect(faultOf({ ...complete, TIKI_CLIENT_SECRET: secret })).toContain(
      'TIKI_CLIENT_SECRET has white space in it or around it',
    );
  });

  it.each([
    'http://api.tiki.vn/tiniapp-open-api',
    'http://127.0.0.1.canary.example/',
    'ftp://127.0.0.1/',
    'api.tiki.vn',
    'https://',
    'https://user:canary@api.tiki.vn/',
    'https://api.tiki.vn/?canary',
    'https://api.tiki.vn/#canary',
  ])('refuses the base URL %s', (url) => {
    expect(faultOf({ ...complete, TIKI_API_BASE_URL: url })).toMatch(/^TIKI_API_BASE_URL /);
  });

  it.each([
    '*',
    'null',
    'https://a.example/',
    'https://a.example/path',
    'http://a.example',
    'a.example',
  ])('refuses the origin %s', (origin) => {
    expect(faultOf({ ...complete, ALLOWED_ORIGINS: `https://b.example,${origin}` })).toMatch(
      /^ALLOWED_ORIGINS /,
    );
  });

  it.each([
    ['TIKI_TOKENS_TO_CLIENT', 'yes'],
    ['SIGNING_SERVICE_ACCOUNT', 'signer'],
    ['SIGNING_SERVICE_ACCOUNT', '--flags-file@demo.iam.gserviceaccount.com'],
    ['APP_CHECK_APP_ID', 'my-app'],
    ['RATE_LIMIT_PER_MINUTE', '-1'],
    ['RATE_LIMIT_PER_MINUTE', '30x'],
    ['RATE_LIMIT_PER_MINUTE', '1.5'],
    ['RATE_LIMIT_PER_MINUTE', '030'],
    ['RATE_LIMIT_PER_MINUTE', '1e3'],
    ['RATE_LIMIT_PER_MINUTE', '３０'],
    ['RATE_LIMIT_STORE', 'redis'],
    ['RATE_LIMIT_STORE', 'Firestore'],
    // A number of proxies, or everybody, would let callers choose who they are.
    ['TRUSTED_PROXIES', '1'],
    ['TRUSTED_PROXIES', '0.0.0.0/0'],
    ['TRUSTED_PROXIES', 'lb.example.com'],
    ['MAX_IN_FLIGHT', '0'],
    ['TRACES_ENDPOINT', 'http://collector.example/v1/traces'],
    ['OPERATOR_EMAILS', 'lan@example.com *'],
    ['FIRESTORE_EMULATOR_HOST', 'http://127.0.0.1:8080'],
    ['FIREBASE_AUTH_EMULATOR_HOST', '127.0.0.1:99999'],
    ['TIKI_CLIENT_KEY', 'khóa'],
    ['TIKI_CLIENT_KEY', 'k'.repeat(513)],
  ])('refuses %s=%s', (name, value) => {
    expect(faultOf({ ...complete, [name]: value })).toContain(name);
  });
});
