import { createPrivateKey } from 'node:crypto';
import * as z from 'zod';
import type { Deadline } from '../clock';
import type { HttpClient } from '../upstream/http-client';
import type { Credentials } from './credentials';
import type { KeyFile } from './key-file';
import { explainTokenFailure } from './token-failure';

/** As with a custom token; see `SIGNING_TIMEOUT_MS`. */
const TIMEOUT_MS = 3_000;
const MAX_ANSWER_BYTES = 16 * 1024;

/** IAM did not sign. The text is matched by `explainTokenFailure` and not logged. */
class SigningRefused extends Error {
  override readonly name = 'SigningRefused';

  constructor(
    readonly status: number,
    text: string,
  ) {
    super(text);
  }
}

const isRefusedToken = (error: unknown): boolean =>
  error instanceof SigningRefused && error.status === 401;

const signed = z
  .string()
  .transform((text) => JSON.parse(text) as unknown)
  .pipe(z.object({ signedJwt: z.string().min(1) }));

export interface JwtSigner {
  /** The account whose key signs: the issuer. @throws Problem */
  readonly issuer: () => Promise<string>;
  /**
   * A JSON Web Token (RS256) that Google's published certificates of the account verify. Its header
   * names the key.
   *
   * @throws Problem `signing-denied`, `misconfigured`, `upstream-unavailable`
   */
  readonly sign: (
    claims: Readonly<Record<string, string | number>>,
    deadline: Deadline,
  ) => Promise<string>;
}

export interface JwtSignerSettings {
  /** E-mail of the account that signs; undefined: that of the credentials. */
  readonly account: string | undefined;
  /** The key of the credentials, if it is here. @throws Problem */
  readonly key: () => Promise<KeyFile | undefined>;
  readonly projectId: string;
  readonly credentials: Credentials;
  readonly http: HttpClient;
}

async function signHere(key: KeyFile, claims: object): Promise<string> {
  const { SignJWT } = await import('jose/jwt/sign');
  return new SignJWT({ ...claims })
    .setProtectedHeader({
      alg: 'RS256',
      typ: 'JWT',
      ...(key.private_key_id !== undefined && { kid: key.private_key_id }),
    })
    .sign(createPrivateKey(key.private_key));
}

/**
 * Signs as a service account: with its key where that is here, and by IAM's `signJwt` elsewhere.
 *
 * @see https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/signJwt
 */
export function createJwtSigner(settings: JwtSignerSettings): JwtSigner {
  const { account, projectId, credentials, http } = settings;

  async function explained<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const callsAs = await credentials.email().catch(() => undefined);
      const accounts = { signsAs: account ?? callsAs, callsAs, projectId };
      throw explainTokenFailure(error, 'The token about the user could not be signed', accounts);
    }
  }

  async function signByIam(issuer: string, claims: object, leftMs: number): Promise<string> {
    return credentials.accessTokens().use(async (token) => {
      const sent = await http.send({
        method: 'POST',
        url: `https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/${encodeURIComponent(issuer)}:signJwt`,
        headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
        body: JSON.stringify({ payload: JSON.stringify(claims) }),
        timeoutMs: Math.max(1, Math.floor(Math.min(TIMEOUT_MS, leftMs))),
        maxBytes: MAX_ANSWER_BYTES,
      });
      if (sent.kind !== 'answer') throw new Error(`IAM: ${sent.kind}`);
      const { status, body } = sent.data;
      if (status !== 200) throw new SigningRefused(status, body.toString('utf8'));
      return signed.parse(body.toString('utf8')).signedJwt;
    }, isRefusedToken);
  }

  const issuer = () => explained(async () => account ?? credentials.email());
  return {
    issuer,
    sign: (claims, deadline) =>
      explained(async () => {
        const key = await settings.key();
        if (key && (account ?? key.client_email) === key.client_email) return signHere(key, claims);
        return signByIam(account ?? (await credentials.email()), claims, deadline());
      }),
  };
}
