import * as z from 'zod';
import type { Clock } from '../clock';
import type { HttpClient } from '../upstream/http-client';
import { accessTokens, type AccessTokens } from './access-tokens';
import { MetadataFailure, metadataServer } from './metadata-server';

/** The service account that this instance runs as. */
export interface RuntimeAccount {
  /** Rejects with `MetadataFailure`. */
  readonly email: () => Promise<string>;
  /** For Google's APIs, scope `cloud-platform`; rejects likewise. */
  readonly tokens: AccessTokens;
}

const emailAnswer = z.string().trim().pipe(z.email());

const tokenAnswer = z
  .string()
  .transform((text) => JSON.parse(text) as unknown)
  .pipe(z.object({ access_token: z.string().min(1), expires_in: z.number().positive() }));

/** Where functions run once they are deployed; the Functions emulator sets the same variable. */
export function isOnCloudRun({ K_SERVICE, FUNCTIONS_EMULATOR }: NodeJS.ProcessEnv): boolean {
  return Boolean(K_SERVICE) && FUNCTIONS_EMULATOR !== 'true';
}

export function runtimeAccount(http: HttpClient, clock: Clock): RuntimeAccount {
  const ask = metadataServer(http, clock);

  async function read<T>(path: 'email' | 'token', schema: z.ZodType<T>): Promise<T> {
    const answer = await ask(path);
    try {
      return schema.parse(answer);
    } catch {
      // The parser's message would quote the token.
      throw new MetadataFailure(`unreadable answer for ${path}`);
    }
  }

  let email: string | undefined;
  return {
    // An instance has the same one for life.
    email: async () => (email ??= await read('email', emailAnswer)),
    tokens: accessTokens(async () => {
      const { access_token: value, expires_in: seconds } = await read('token', tokenAnswer);
      return { value, lifetimeMs: seconds * 1_000 };
    }, clock),
  };
}
