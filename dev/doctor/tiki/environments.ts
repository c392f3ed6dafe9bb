/** Base URLs of Tiki's Open API; each Tini App has a key and secret for either. */
export const PRODUCTION = 'https://api.tiki.vn/tiniapp-open-api';
export const SANDBOX = 'https://api.tiki.vn/tiniapp-sandbox-open-api';

export function nameOf(baseUrl: string): string {
  if (baseUrl === PRODUCTION) return 'production';
  return baseUrl === SANDBOX ? 'sandbox' : 'the configured address';
}

/** Undefined for an address that is neither. */
export function otherEnvironment(baseUrl: string): string | undefined {
  if (baseUrl === PRODUCTION) return SANDBOX;
  return baseUrl === SANDBOX ? PRODUCTION : undefined;
}
