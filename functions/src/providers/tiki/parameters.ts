import { baseUrl, credential } from '../../config';
import { TIKI_PRODUCTION } from './environments';

/** Schemas of the parameters that Tiki's calls need. */
export const TIKI_PARAMETERS = {
  TIKI_CLIENT_KEY: credential,
  TIKI_CLIENT_SECRET: credential,
  TIKI_API_BASE_URL: baseUrl.default(TIKI_PRODUCTION),
} as const;
