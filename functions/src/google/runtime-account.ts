import * as z from 'zod';
import type { Clock } from '../clock';
import type { HttpClient } from '../upstream/http-client';
import {
  CLOUD_PLATFORM,
  createCredentials,
  withoutKey,
  type Credentials,
  type TokenSource,
} from './credentials';
import type { FetchedToken } from './kept-token';
import { lifetimeOf } from './lifetime';
import { MetadataFailure, metadataServer, type MetadataName } from './metadata-server';

const emailAnswer = z.string().trim().pipe(z.email());

const tokenAnswer = z
  .string()
  .transform((text) => JSON.parse(text) as unknown)
  .pipe(z.object({ access_token: z.string().min(1), expires_in: z.number().positive() }));

/** Where functions run once they are deployed; the Functions emulator sets the same variable. */
export function isOnCloudRun({ K_SERVICE, FUNCTIONS_EMULATOR }: NodeJS.ProcessEnv): boolean {
  return Boolean(K_SERVICE) && FUNCTIONS_EMULATOR !== 'true';
}

/**
 * The service account that this instance runs as, by the metadata server. Every call rejects with
 * `MetadataFailure`.
 *
 * @see https://cloud.google.com/run/docs/securing/service-identity
 */
export function runtimeAccount(http: HttpClient, clock: Clock): TokenSource {
  const ask = metadataServer(http, clock);

  async function read<T>(
    name: MetadataName,
    parse: (answer: string) => T,
    query?: Readonly<Record<string, string>>,
  ): Promise<T> {
    const answer = await ask(name, query);
    try {
      return parse(answer);
    } catch {
      // The parser's message would quote the token.
      throw new MetadataFailure(`unreadable answer for ${name}`);
    }
  }

  let email: string | undefined;
  return {
    // An instance has the same one for life.
    email: async () => (email ??= await read('email', (answer) => emailAnswer.parse(answer))),
    accessToken: (scopes) =>
      read(
        'token',
        (answer): FetchedToken => {
          const { access_token: value, expires_in: seconds } = tokenAnswer.parse(answer);
          return { value, lifetimeMs: seconds * 1_000 };
        },
        // What an instance has anyway; asked for like that by all of Google's libraries.
        scopes.join() === CLOUD_PLATFORM ? undefined : { scopes: scopes.join(',') },
      ),
    idToken: (audience) =>
      read(
        'identity',
        (answer): FetchedToken => ({
          value: answer.trim(),
          lifetimeMs: lifetimeOf(answer.trim(), clock.now()),
        }),
        // With the account's address, which some services check.
        { audience, format: 'full' },
      ),
    jwtAccessToken: withoutKey,
  };
}

/** Kept tokens of the account that this instance runs as. */
export const runtimeCredentials = (http: HttpClient, clock: Clock): Credentials =>
  createCredentials(runtimeAccount(http, clock), clock);
