/** Base URL of Tiki's production environment; the sandbox has its own path and its own keys. */
export const TIKI_PRODUCTION = 'https://api.tiki.vn/tiniapp-open-api';
