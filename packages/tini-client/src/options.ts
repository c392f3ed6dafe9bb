import { TikiFirebaseError } from './errors';
import { mistyped } from './mistyped';
import { type Fields, fieldsOf } from './runtime/answer';

// Plain http never leaves the machine: it is for emulators.
const BASE_URL =
  /^(https:\/\/[^\s/?#@\\]+|http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?)(\/[^\s?#@\\]*)?$/i;

const OPTIONAL = {
  apiKey: 'string',
  storageBucket: 'string',
  firestore: 'function',
  storage: 'function',
  functions: 'function',
  payments: 'function',
  now: 'function',
  random: 'function',
  setTimeout: 'function',
  clearTimeout: 'function',
};

function wrongOption(options: Fields): string | undefined {
  const {
    baseUrl,
    gatewayUrl = baseUrl,
    projectId,
    language = 'vi',
    storageBucket = '-',
  } = options;
  const my = fieldsOf(options['my']);
  if (!['request', 'getAuthCode', 'getStorage', 'setStorage'].every((name) => my[name]))
    return 'my';
  if (typeof baseUrl !== 'string' || !BASE_URL.test(baseUrl)) return 'baseUrl';
  if (typeof gatewayUrl !== 'string' || !BASE_URL.test(gatewayUrl)) return 'gatewayUrl';
  if (typeof projectId !== 'string' || !/^[^\s/]+$/.test(projectId)) return 'projectId';
  if (language !== 'vi' && language !== 'en') return 'language';
  // A part of the path, without gs://.
  if (typeof storageBucket === 'string' && !/^[\w.-]+$/.test(storageBucket)) return 'storageBucket';
  return mistyped(options, OPTIONAL);
}

/** Throws `invalid-argument` with the name of the first wrong option in `detail`. */
export function checkOptions(options: unknown): void {
  const fields = fieldsOf(options);
  const detail = wrongOption(fields);
  if (detail) {
    const language = fields['language'] === 'en' ? 'en' : 'vi';
    throw new TikiFirebaseError('invalid-argument', { detail }, language);
  }
}
