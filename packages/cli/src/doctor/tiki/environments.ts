import { TIKI_PRODUCTION } from '../../../../../functions/src/operator';

/** Base URL of Tiki's sandbox, where a Tini App has another key and secret. */
export const TIKI_SANDBOX = 'https://api.tiki.vn/tiniapp-sandbox-open-api';

export function environmentOf(baseUrl: string): string {
  if (baseUrl === TIKI_PRODUCTION) return 'production';
  return baseUrl === TIKI_SANDBOX ? 'sandbox' : 'the configured address';
}

/** Undefined for any other address. */
export function otherEnvironment(baseUrl: string): string | undefined {
  if (baseUrl === TIKI_PRODUCTION) return TIKI_SANDBOX;
  return baseUrl === TIKI_SANDBOX ? TIKI_PRODUCTION : undefined;
}
