import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCertificates } from '@tiki-bridge/testing/google/certificates';
import {
  jsonAnswer,
  startLoopbackFake,
  type LoopbackFake,
} from '@tiki-bridge/testing/google/loopback-fake';

const PROJECT = 'tiki-bridge-test';
const HOSTS = [
  'identitytoolkit.googleapis.com',
  'securetoken.googleapis.com',
  'www.googleapis.com',
] as const;
const CERTIFICATES = '/robot/v1/metadata/x509/securetoken@system.gserviceaccount.com';

export interface FirebaseAuth extends LoopbackFake<never> {
  /** For `startFunction`. */
  readonly mapHosts: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  /** The Web API keys that are valid now; undefined: any is. */
  keys: ReadonlySet<string> | undefined;
  /** A signed ID token, as production has them and the emulator has not. */
  idToken(key?: KeyObject, claims?: object): string;
}

/** Firebase Authentication with Google's certificates: whoever signs in is `tiki:1`. */
export async function startFirebaseAuth(): Promise<FirebaseAuth> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const tls = await makeCertificates(HOSTS);
  const folder = mkdtempSync(join(tmpdir(), 'firebase-auth-'));
  const caFile = join(folder, 'ca.pem');
  writeFileSync(caFile, tls.caPem);
  const state = { keys: undefined as ReadonlySet<string> | undefined };

  function idToken(key = privateKey, claims: object = {}): string {
    const iat = Math.floor(Date.now() / 1_000);
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const text = `${part({ alg: 'RS256', kid: 'key-1', typ: 'JWT' })}.${part({
      iss: `https://securetoken.google.com/${PROJECT}`,
      aud: PROJECT,
      sub: 'tiki:1',
      auth_time: iat,
      iat,
      exp: iat + 3_600,
      ...claims,
    })}`;
    return `${text}.${createSign('RSA-SHA256').update(text).sign(key, 'base64url')}`;
  }

  const fake = await startLoopbackFake<never>({
    tls,
    answer: ({ url }) => {
      if (url.pathname === CERTIFICATES) {
        return jsonAnswer(200, {
          'key-1': String(publicKey.export({ type: 'spki', format: 'pem' })),
        });
      }
      if (state.keys && !state.keys.has(url.searchParams.get('key') ?? '')) {
        return jsonAnswer(400, {
          error: { code: 400, message: 'API key not valid. Please pass a valid API key.' },
        });
      }
      return url.pathname === '/v1/accounts:signInWithCustomToken'
        ? jsonAnswer(200, { idToken: idToken(), refreshToken: 'a-refresh-token' })
        : jsonAnswer(200, { id_token: idToken(), refresh_token: 'a-refresh-token' });
    },
  });
  return Object.assign(state, fake, {
    mapHosts: Object.fromEntries(HOSTS.map((host) => [`${host}:443`, fake.address])),
    env: { NODE_EXTRA_CA_CERTS: caFile },
    idToken,
    close: async () => {
      await fake.close();
      rmSync(folder, { recursive: true, force: true });
    },
  });
}
