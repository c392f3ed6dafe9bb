import { createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { Problem } from '../problem';
import { sh } from '../remedy';

/** As IAM gives them out: letters, digits and `-`, of any kind of project. */
const ACCOUNT = /^[a-z\d][\w.-]*@[\w.-]+\.gserviceaccount\.com$/i;

const keyFileSchema = z.object({
  type: z.literal('service_account'),
  project_id: z.string().min(1),
  client_email: z.email(),
  private_key: z.string().min(1),
  /** Verifiers find the key by it; every key that Google makes has one. */
  private_key_id: z.string().min(1).optional(),
});

/** The other credentials files that google-auth-library takes. */
const OTHER_TYPES: readonly string[] = [
  'authorized_user',
  'impersonated_service_account',
  'external_account',
  'external_account_authorized_user',
  'gdch_service_account',
];

/** The fields of a service account's JSON key that are used here. */
export type KeyFile = z.output<typeof keyFileSchema>;

/** @param cause What is wrong; quotes nothing of the file. */
function unusable(cause: string, remedy: string): Problem {
  return new Problem('misconfigured', {
    operator: { cause, account: 'GOOGLE_APPLICATION_CREDENTIALS', remedy },
  });
}

function unusableFile(fault: string): Problem {
  return unusable(
    `The file that GOOGLE_APPLICATION_CREDENTIALS names ${fault}`,
    'correct GOOGLE_APPLICATION_CREDENTIALS, or unset it where Google Cloud gives credentials by ' +
      'itself, or for your own login: gcloud auth application-default login',
  );
}

/** The commands that replace a key. */
export function newKeyFile(email: string): string {
  const account = ACCOUNT.test(email) ? email : '<service account>';
  const file = '~/tiki-bridge-key.json';
  return (
    `gcloud iam service-accounts keys create ${file} ${sh`--iam-account ${account}`} && ` +
    `export GOOGLE_APPLICATION_CREDENTIALS=${file}`
  );
}

/** `private_key` in the file is no key that can sign. */
export function unusableKey(fault: string, email: string): Problem {
  return unusable(
    `private_key in the key file that GOOGLE_APPLICATION_CREDENTIALS names ${fault}`,
    `use the file as Google gave it, or make a new one: ${newKeyFile(email)}`,
  );
}

const BEGIN = /^-----BEGIN ([A-Z ]*)PRIVATE KEY-----/;

/** What happens to keys on their way through variables, YAML and editors. */
function damageOf(pem: string): string {
  const text = pem.trim();
  if (text.includes(String.raw`\n`)) return String.raw`has its line breaks escaped twice (\\n)`;
  if (/^["'`]/.test(text)) return 'is in quotes of its own';
  const kind = BEGIN.exec(text)?.[1];
  if (kind === undefined) return 'does not start with -----BEGIN PRIVATE KEY-----';
  if (kind === 'ENCRYPTED ' || text.includes('Proc-Type: 4,ENCRYPTED')) return 'is encrypted';
  if (!text.includes('-----END ')) return 'is cut off: its END line is missing';
  return text.includes('\n') ? 'is damaged or cut off' : 'has lost its line breaks';
}

/** What is wrong with a PEM key, without quoting it; undefined: it is an RSA key, as Google's are. */
function faultOfKey(pem: string): string | undefined {
  try {
    const { asymmetricKeyType } = createPrivateKey(pem);
    if (asymmetricKeyType === 'rsa') return undefined;
    return `is an ${String(asymmetricKeyType).toUpperCase()} key; those of service accounts are RSA`;
  } catch {
    return damageOf(pem);
  }
}

const withCode = z.object({ code: z.string() });

const SYSTEM_FAULTS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  EACCES: 'may not be read by this process',
  EISDIR: 'is a folder',
};

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const code = withCode.safeParse(error).data?.code ?? '';
    throw unusableFile(SYSTEM_FAULTS[code] ?? 'cannot be read');
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message would quote the key.
    throw unusableFile('is not JSON');
  }
}

/**
 * The key file's content when it is a service account's; undefined for other credential files.
 *
 * @throws Problem `misconfigured`, which quotes nothing of the file.
 */
export async function readKeyFile(path: string): Promise<KeyFile | undefined> {
  const content = parseJson(await read(path));
  const typed = z.object({ type: z.string() }).safeParse(content);
  if (!typed.success) throw unusableFile('is not a credentials file: it has no "type"');
  if (OTHER_TYPES.includes(typed.data.type)) return undefined;
  if (typed.data.type !== 'service_account') throw unusableFile('has an unknown "type"');
  const parsed = keyFileSchema.safeParse(content);
  if (!parsed.success) {
    const fields = new Set(parsed.error.issues.map(({ path: [field] }) => String(field)));
    throw unusableFile(`lacks a usable ${[...fields].join(' and ')}`);
  }
  const { private_key: pem, client_email: email } = parsed.data;
  const fault = faultOfKey(pem);
  if (fault !== undefined) throw unusableKey(fault, email);
  return parsed.data;
}

/** A secret of this name is used before any file; it is bound to no function unless you do. */
const SECRET = 'GOOGLE_CREDENTIALS';

/**
 * A service account's key from a secret's value: its JSON, or the base64 of that.
 *
 * @throws Problem `misconfigured`, which quotes nothing of the value.
 */
export function parseKeySecret(value: string): KeyFile {
  const text = value.trim();
  const json = text.startsWith('{') ? text : Buffer.from(text, 'base64').toString('utf8');
  const parsed = keyFileSchema.safeParse(jsonOrUndefined(json));
  const fault = parsed.success ? faultOfKey(parsed.data.private_key) : 'is missing';
  if (parsed.success && fault === undefined) return parsed.data;
  throw new Problem('misconfigured', {
    operator: {
      cause: `${SECRET} is no key of a service account: its private_key ${fault ?? 'cannot be used'}`,
      account: SECRET,
      remedy:
        "store the key file's JSON, or the base64 of it: " +
        `npx firebase functions:secrets:set ${SECRET} --data-file <key file> --project <project>`,
    },
  });
}

function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether the environment has credentials of its own, instead of those of the machine. */
export function namesCredentials(env: NodeJS.ProcessEnv): boolean {
  return Boolean(env[SECRET] || env['GOOGLE_APPLICATION_CREDENTIALS']);
}

/**
 * The key of the environment: of the secret, else of the file; undefined where there is none.
 *
 * @throws Problem `misconfigured`
 */
export async function readKey(env: NodeJS.ProcessEnv): Promise<KeyFile | undefined> {
  const secret = env[SECRET];
  if (secret) return parseKeySecret(secret);
  const path = env['GOOGLE_APPLICATION_CREDENTIALS'];
  return path ? readKeyFile(path) : undefined;
}
