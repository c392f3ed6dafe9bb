import { networks } from './networks';

/**
 * Networks from which Firebase Hosting calls a function: those of Google's own services. No Google
 * Cloud customer has an address in them, although some services call from them on a customer's
 * behalf (Apps Script, perhaps Pub/Sub push). Observed behind Hosting: 66.102.8.x.
 *
 * Source: https://www.gstatic.com/ipranges/goog.json as of 2026-10-08, minus everything that
 * overlaps https://www.gstatic.com/ipranges/cloud.json, the customers' ranges. That difference is
 * how Google defines the addresses of its services: https://support.google.com/a/answer/10026322.
 * Networks that were not yet listed in 2023 are left out because new ones get reassigned:
 * 8.236.0.0/15 was Google's in August 2026 and partly customers' in October.
 *
 * If Hosting calls from another network, its users share one limit, and the log says so: see the
 * remedy for `unlisted` in `rateLimit`. Before adding a network, check it against both lists.
 */
export const isGoogleAddress = networks([
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
