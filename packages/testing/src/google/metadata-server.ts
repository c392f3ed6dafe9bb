import { createPrivateKey } from 'node:crypto';
import { SignJWT } from 'jose';
import type { AccessTokens } from './access-tokens';
import { type Answer, type LoopbackFake, startLoopbackFake } from './loopback-fake';
import type { ServiceAccount } from './service-account';

/** The names that client libraries use; google-auth-library uses the last two. */
export const METADATA_HOSTS = ['metadata', 'metadata.google.internal', '169.254.169.254'] as const;

const BASE_PATH = '/computeMetadata/v1/';

/** A value, a list (one item per line), a computed response, or a directory. */
type Entry =
  | string
  | readonly string[]
  | ((query: URLSearchParams) => Answer | Promise<Answer>)
  | { readonly [name: string]: Entry };

/**
 * Implements the documented contract of the metadata server for one instance: the header is
 * required and returned, directories are listed, `recursive=true` returns JSON. `account` is null
 * for an instance without a service account.
 * https://cloud.google.com/compute/docs/metadata/overview
 */
export async function startMetadataServer(options: {
  readonly projectId: string;
  readonly account: ServiceAccount | null;
  readonly tokens: AccessTokens;
  readonly now: () => number;
}): Promise<LoopbackFake<'unavailable'>> {
  const { account } = options;
  const accounts: Entry = account
    ? { default: accountEntry(account), [account.email]: accountEntry(account) }
    : {};
  const root: Entry = {
    instance: {
      id: '1234567890123456789',
      region: 'projects/123456789/regions/asia-southeast1',
      'service-accounts': accounts,
      zone: 'projects/123456789/zones/asia-southeast1-1',
    },
    project: { 'numeric-project-id': '123456789', 'project-id': options.projectId },
    universe: { 'universe-domain': 'googleapis.com' },
  };

  function accountEntry({ email, uniqueId, privateKeyPem }: ServiceAccount): Entry {
    return {
      aliases: ['default'],
      email,
      scopes: ['https://www.googleapis.com/auth/cloud-platform'],
      token: () => reply(200, JSON.stringify(options.tokens.issue(email)), 'application/json'),
      identity: async (query) => {
        const audience = query.get('audience');
        if (!audience) return reply(400, 'non-empty audience parameter required\n');
        const seconds = Math.floor(options.now() / 1000);
        const claims = query.get('format') === 'full' ? { email, email_verified: true } : {};
        const jwt = new SignJWT({ ...claims, azp: uniqueId })
          .setProtectedHeader({ alg: 'RS256', kid: 'fake', typ: 'JWT' })
          .setIssuer('https://accounts.google.com')
          .setSubject(uniqueId)
          .setAudience(audience)
          .setIssuedAt(seconds)
          .setExpirationTime(seconds + 3600);
        // Signed with the account's key instead of Google's.
        return reply(200, await jwt.sign(createPrivateKey(privateKeyPem)));
      },
    };
  }

  return startLoopbackFake<'unavailable'>({
    answer({ url, headers }, fault) {
      if (fault) return reply(503, 'Service Unavailable');
      if (headers['x-forwarded-for'] !== undefined) return reply(403, 'X-Forwarded-For refused');
      if (headers['metadata-flavor'] !== 'Google') {
        return reply(403, 'Missing required header "Metadata-Flavor": "Google"');
      }
      if (!`${url.pathname}/`.startsWith(BASE_PATH)) return reply(404, 'Not Found');
      const names = url.pathname.slice(BASE_PATH.length).split('/').filter(Boolean);
      const entry = names.reduce<Entry | undefined>(child, root);
      if (entry === undefined) return reply(404, 'Not Found');
      if (typeof entry === 'function') return entry(url.searchParams);
      if (url.searchParams.get('recursive')?.toLowerCase() === 'true') {
        return reply(200, JSON.stringify(recursive(entry)), 'application/json');
      }
      return reply(200, asText(entry));
    },
  });
}

function reply(status: number, body: string, contentType = 'application/text'): Answer {
  const headers = {
    'Content-Type': contentType,
    'Metadata-Flavor': 'Google',
    Server: 'Metadata Server for VM',
  };
  return { status, headers, body };
}

function isDirectory(entry: Entry): entry is { readonly [name: string]: Entry } {
  return typeof entry === 'object' && !Array.isArray(entry);
}

function child(entry: Entry | undefined, name: string): Entry | undefined {
  return entry !== undefined && isDirectory(entry) && Object.hasOwn(entry, name)
    ? entry[name]
    : undefined;
}

function asText(entry: Exclude<Entry, (...args: never[]) => unknown>): string {
  if (typeof entry === 'string') return entry;
  if (!isDirectory(entry)) return entry.map((item) => `${item}\n`).join('');
  return Object.entries(entry)
    .map(([name, below]) => (isDirectory(below) ? `${name}/\n` : `${name}\n`))
    .join('');
}

/** JSON uses camelCase names (except e-mail addresses); listings never contain tokens. */
function recursive(entry: Entry): unknown {
  if (!isDirectory(entry)) return entry;
  return Object.fromEntries(
    Object.entries(entry)
      .filter(([, below]) => typeof below !== 'function')
      .map(([name, below]) => [
        name.includes('@')
          ? name
          : name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase()),
        recursive(below),
      ]),
  );
}
