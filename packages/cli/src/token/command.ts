import type { Command } from 'commander';
import { UsageError } from '../usage-error';

/** Which token, and as whom. */
export interface TokenRequest {
  readonly token:
    | { readonly kind: 'access'; readonly scopes: readonly string[] | undefined }
    | { readonly kind: 'id' | 'jwt'; readonly audience: string };
  /** A service account's e-mail address; undefined: the default credentials themselves. */
  readonly impersonate: string | undefined;
  /** A new file for the token; undefined: standard output. */
  readonly output: string | undefined;
  readonly json: boolean;
}

export type TokenAction = (request: TokenRequest) => Promise<void>;

interface Options {
  readonly scopes?: string;
  readonly audience?: string;
  readonly impersonate?: string;
  readonly output?: string;
  readonly json?: boolean;
}

/** Google accepts short names in some tools only; its token endpoint accepts none. */
function parseScopes(text: string): string {
  if (
    text.split(',').every((scope) => /^https:\/\/www\.googleapis\.com\/auth\/[\w.-]+$/.test(scope))
  ) {
    return text;
  }
  throw new UsageError(
    '--scopes: comma-separated, each as https://www.googleapis.com/auth/cloud-platform',
  );
}

/** An address, or the OAuth client id of Identity-Aware Proxy. */
function parseAudience(text: string): string {
  if (/^(?:https:\/\/)?[\w.-]+(?::\d{1,5})?(?:\/[\w./-]*)?$/.test(text)) return text;
  throw new UsageError('--audience: an address such as https://api-abc.a.run.app, or a client id');
}

function parseAccount(text: string): string {
  if (/^[a-z\d][\w.-]*@[\w.-]+\.gserviceaccount\.com$/i.test(text)) return text;
  throw new UsageError('--impersonate: the e-mail address of a service account');
}

const NOTES = `
Tokens come from your Application Default Credentials. A person's own login gives access tokens only;
with --impersonate, IAM gives the service account's (your role on it: Service Account Token Creator).

The token is printed to standard output and nowhere else: use npm run --silent, and $(…). Where CI is
set, standard output is a log: name a new file with --output.

Exit code: 0 success, 1 no token, 2 wrong usage.
Docs: docs/google-credentials.md`;

/** `token access|id|jwt` */
export function addToken(program: Command, act: TokenAction): void {
  const group = program
    .command('token')
    .description("Get a token for Google's APIs or a private service")
    .helpCommand(false)
    .addHelpText('after', NOTES);

  const described = (name: string, description: string): Command =>
    group
      .command(name)
      .description(description)
      .option('--output <file>', 'Write the token to a new file that only you can read')
      .option('--json', 'As {accessToken, tokenType, expiresInSec}');

  const common = ({ impersonate, output, json = false }: Options) => ({
    impersonate,
    output,
    json,
  });

  function requireAudience({ audience }: Options): string {
    if (audience !== undefined) return audience;
    throw new UsageError('--audience is missing: whom is the token for?');
  }

  described('access', "OAuth 2.0, for Google's APIs")
    .option('--scopes <list>', 'Default: cloud-platform', parseScopes)
    .option('--impersonate <account>', 'As this service account', parseAccount)
    .action((options: Options) =>
      act({ token: { kind: 'access', scopes: options.scopes?.split(',') }, ...common(options) }),
    );
  described('id', 'For a Cloud Run service, function or Identity-Aware Proxy')
    .option('--audience <address>', 'The service, or the OAuth client id', parseAudience)
    .option('--impersonate <account>', 'As this service account', parseAccount)
    .action((options: Options) =>
      act({ token: { kind: 'id', audience: requireAudience(options) }, ...common(options) }),
    );
  described('jwt', "Signed here with a key file, for one of Google's APIs")
    .option('--audience <address>', 'Such as https://firestore.googleapis.com/', parseAudience)
    .action((options: Options) =>
      act({ token: { kind: 'jwt', audience: requireAudience(options) }, ...common(options) }),
    );
}
