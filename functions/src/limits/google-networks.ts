import { networks } from './networks';

/**
 * Where Firebase Hosting calls a function from: networks of Google's own services, in which no
 * customer of Google Cloud has an address, though services may call from them on a customer's behalf
 * (Apps Script, perhaps Pub/Sub push). Measured behind Hosting were 66.102.8.x.
 *
 * Of https://www.gstatic.com/ipranges/goog.json as of 2026-10-08, these are the ones that stood
 * there already in 2023 and overlap nothing in https://www.gstatic.com/ipranges/cloud.json, which
 * lists the customers'. That difference is Google's own definition of its services' addresses:
 * https://support.google.com/a/answer/10026322. Younger networks are left out because they change
 * hands: 8.236.0.0/15 was all Google's in August 2026 and partly customers' in October.
 *
 * When Hosting calls from elsewhere its customers share a limit, and the log says so: the remedy
 * `unlisted` in `rateLimit`. Before a network is added here, look it up in both lists.
 */
export const isGoogles = networks([
  '64.233.160.0/19',
  '66.102.0.0/20',
  '66.249.64.0/19',
  '72.14.192.0/18',
  '74.125.0.0/16',
  '108.177.0.0/17',
  '142.250.0.0/15',
  '172.217.0.0/16',
  '172.253.0.0/16',
  '173.194.0.0/16',
  '192.178.0.0/15',
  '209.85.128.0/17',
  '216.58.192.0/19',
  '216.239.32.0/19',
  '2001:4860::/32',
  '2404:6800::/32',
  '2607:f8b0::/32',
  '2800:3f0::/32',
  '2a00:1450::/32',
  '2c0f:fb50::/32',
]);
