/**
 * Preload (`node --require`) that redirects the TCP connections of a process under test.
 *
 * MAP_HOSTS         JSON, `{"host:port" or "host": "127.0.0.1:port"}`: where to connect instead
 * MAP_HOSTS_REPORT  file that gets a line `host:port` for each refused connection
 *
 * Loopback and local pipes are unaffected; everything else fails with ENOTFOUND at once. Only the
 * address is replaced: TLS still uses and verifies the original name.
 *
 * All TCP clients in Node (http, https, tls, http2, fetch) use Socket.connect. DNS queries, UDP and
 * child processes are not covered.
 */
'use strict';

const fs = require('node:fs');
const net = require('node:net');

const loopback = new net.BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

function isLoopback(host) {
  const family = net.isIP(host);
  if (family !== 0) return loopback.check(host, family === 6 ? 'ipv6' : 'ipv4');
  return host === 'localhost' || host.endsWith('.localhost');
}

/** Normalizes names such as `METADATA.google.internal.` and `[::1]`. */
function canonical(host) {
  return host
    .toLowerCase()
    .replace(/\.$/, '')
    .replace(/^\[(.*)\]$/, '$1');
}

function parseTargets(json) {
  return new Map(
    Object.entries(JSON.parse(json)).map(([from, to]) => {
      const [, host = '', port = ''] = /^(.+):(\d+)$/.exec(to) ?? [];
      if (!isLoopback(host)) throw new Error(`MAP_HOSTS: ${from} must go to loopback, not ${to}`);
      return [from.toLowerCase(), { host, port: Number(port) }];
    }),
  );
}

/** The documented signatures of `connect`: (options), (port, host), (path); each with a callback. */
function connectArguments(args) {
  // net.connect passes arguments that it has already normalized: [options, callback].
  if (Array.isArray(args[0])) return args[0];
  const last = args.at(-1);
  const callback = typeof last === 'function' ? last : null;
  const [first, second] = args;
  if (typeof first === 'object' && first !== null) return [first, callback];
  if (typeof first === 'string' && !(Number(first) >= 0)) return [{ path: first }, callback];
  return [{ port: first, host: typeof second === 'string' ? second : 'localhost' }, callback];
}

function refuse(host, port) {
  const report = process.env.MAP_HOSTS_REPORT;
  if (report) fs.appendFileSync(report, `${host}:${port}\n`);
  const details = { code: 'ENOTFOUND', errno: -3008, syscall: 'getaddrinfo', hostname: host };
  const error = Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), details);
  // Replaces the DNS lookup; Node reports the error like one of DNS.
  const lookup = (_name, _options, done) => done(error);
  // A name from the reserved domain, because IP addresses are not looked up.
  return { host: 'refused.invalid', lookup };
}

const targets = parseTargets(process.env.MAP_HOSTS ?? '{}');
const connect = net.Socket.prototype.connect;

net.Socket.prototype.connect = function (...args) {
  const [options, callback] = connectArguments(args);
  if (options.path) return connect.apply(this, args);
  const host = canonical(options.host ?? 'localhost');
  const target =
    targets.get(`${host}:${options.port}`) ??
    targets.get(host) ??
    (isLoopback(host) ? { host } : refuse(host, options.port));
  // A copy: TLS verifies the certificate against the original options.
  return connect.call(this, { ...options, ...target }, callback);
};
