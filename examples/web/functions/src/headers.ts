import type { Settings } from './settings';

/** A year, in seconds. Browsers ignore the header over http, so not in `npm start`. */
const HSTS = 'max-age=31536000';

/** Where a page registers its browser for notifications. */
const FCM = [
  'https://firebaseinstallations.googleapis.com',
  'https://fcmregistrations.googleapis.com',
];

/**
 * The headers of every page. `private` lets Hosting pass a cookie on, `no-store` keeps personal pages
 * out of every cache.
 */
export function pageHeaders({
  push,
  simulatorOrigin,
  tiniAppOrigin,
}: Settings): Readonly<Record<string, string>> {
  const registration = !push ? [] : 'fcmOrigin' in push ? [push.fcmOrigin] : FCM;
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self'",
    ["connect-src 'self'", simulatorOrigin, ...registration].filter(Boolean).join(' '),
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    'Content-Type': 'text/html; charset=utf-8',
    'Cache-Control': 'private, no-store',
    'Content-Security-Policy': policy.join('; '),
    'Strict-Transport-Security': HSTS,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'same-origin',
    // Pages that open this one get no hold of it; in `npm start`, one of them plays Tiki's app.
    'Cross-Origin-Opener-Policy': tiniAppOrigin === undefined ? 'same-origin' : 'unsafe-none',
  };
}
