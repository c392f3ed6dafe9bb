import type { Credential } from 'firebase-admin/app';
import * as z from 'zod';
import { askMetadataServer, MetadataFailure } from './metadata-server';
import { renewedAhead, type AccessToken } from './renewed-ahead';

/** The service account that this instance runs as. */
export interface RuntimeAccount {
  /** Rejects as `askMetadataServer` does. */
  readonly email: () => Promise<string>;
  /** Access tokens for Google's APIs, scope `cloud-platform`; rejects likewise. */
  readonly credential: Credential;
}

const emailAnswer = z.string().trim().pipe(z.email());

const tokenAnswer = z
  .string()
  .transform((text) => JSON.parse(text) as unknown)
  .pipe(z.object({ access_token: z.string().min(1), expires_in: z.number().positive() }));

async function read<T>(path: 'email' | 'token', schema: z.ZodType<T>): Promise<T> {
  const answer = await askMetadataServer(path);
  try {
    return schema.parse(answer);
  } catch {
    // The parser's message would quote the token.
    throw new MetadataFailure(`unreadable answer for ${path}`);
  }
}

/** Where functions live once they are deployed; the Functions emulator sets the same variable. */
export function isOnCloudRun({ K_SERVICE, FUNCTIONS_EMULATOR }: NodeJS.ProcessEnv): boolean {
  return Boolean(K_SERVICE) && FUNCTIONS_EMULATOR !== 'true';
}

/** @param now Epoch milliseconds. */
export function runtimeAccount(now: () => number): RuntimeAccount {
  const token = renewedAhead(async (): Promise<AccessToken> => {
    const { access_token: value, expires_in: seconds } = await read('token', tokenAnswer);
    return { value, expiresAt: now() + seconds * 1_000 };
  }, now);
  let email: string | undefined;
  return {
    // An instance has the same one for life.
    email: async () => (email ??= await read('email', emailAnswer)),
    credential: {
      getAccessToken: async () => {
        const { value, expiresAt } = await token();
        return { access_token: value, expires_in: Math.floor((expiresAt - now()) / 1_000) };
      },
    },
  };
}
