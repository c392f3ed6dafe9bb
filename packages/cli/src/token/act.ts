import { writeFile } from 'node:fs/promises';
import {
  type Credentials,
  credentialsFor,
  explainTokenFailure,
  NoIdTokens,
  NoKey,
  Problem,
  type TokenAnswer,
} from '../../../../functions/src/operator';
import { printable } from '../printable';
import { warn } from '../say';
import { UsageError } from '../usage-error';
import type { TokenRequest } from './command';

function get({ token }: TokenRequest, credentials: Credentials): Promise<TokenAnswer> {
  switch (token.kind) {
    case 'access':
      return credentials.accessToken(token.scopes);
    case 'id':
      return credentials.idToken(token.audience);
    case 'jwt':
      return credentials.jwtAccessToken(token.audience);
  }
}

/** The project of a service account, as its address names it. */
const projectOf = (account = ''): string | undefined =>
  /@([a-z\d-]+)\.iam\.gserviceaccount\.com$/.exec(account)?.[1];

/** What went wrong and what to do about it. Quotes nothing that Google or a file has said. */
async function explain(error: unknown, { impersonate }: TokenRequest): Promise<string> {
  if (error instanceof NoKey) {
    return 'a self-signed token needs a key file in GOOGLE_APPLICATION_CREDENTIALS; use `token access`';
  }
  if (error instanceof NoIdTokens) {
    return "a person's own login gives no ID tokens: name a service account with --impersonate";
  }
  const own = credentialsFor(process.env, undefined);
  const callsAs = await own.email().catch(() => undefined);
  const { extras }: Problem = explainTokenFailure(error, 'Google gave no token', {
    signsAs: impersonate,
    callsAs,
    isPerson: callsAs === undefined,
    projectId: projectOf(impersonate) ?? process.env['GOOGLE_CLOUD_PROJECT'],
  });
  const { cause = 'Google gave no token', remedy } = extras.operator ?? {};
  return remedy === undefined ? cause : `${cause}\n${remedy}`;
}

/**
 * Gets a token and prints it, or writes it to a file.
 *
 * @returns the exit code
 * @throws UsageError
 */
export async function getToken(request: TokenRequest): Promise<number> {
  const { output, json, impersonate } = request;
  if (output === undefined && process.env['CI']) {
    throw new UsageError('CI is set, so standard output is a log: name a file with --output');
  }
  let answer: TokenAnswer;
  try {
    answer = await get(request, credentialsFor(process.env, impersonate));
  } catch (error) {
    const lines = (await explain(error, request)).split('\n');
    warn(lines.map(printable).join('\n'));
    return 1;
  }
  const text = json ? JSON.stringify(answer) : answer.accessToken;
  if (output === undefined) {
    console.log(text);
    return 0;
  }
  // A file that is there already may be readable by others, or be a link to elsewhere.
  await writeFile(output, text, { mode: 0o600, flag: 'wx' });
  return 0;
}
