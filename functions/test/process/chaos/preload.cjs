/**
 * Preload for the process under test: makes planned DNS lookups fail, and on SIGUSR2 writes memory
 * and socket usage to stdout.
 *
 * CHAOS_DNS  JSON, `{"hosts": {"localhost": "tiki"}, "notFound": ["tiki.customer-1.0"]}`: the host
 *            names, and the lookups that fail: host, request id, and attempt from 0. The request id
 *            of calls for the whole instance is `instance`.
 *
 * The host of a failing lookup becomes `<lookup>.invalid`, so that failed lookups can be read from
 * the refused connections.
 */
'use strict';

const { AsyncLocalStorage } = require('node:async_hooks');
const { subscribe } = require('node:diagnostics_channel');
const { Agent } = require('node:http');
const v8 = require('node:v8');
const vm = require('node:vm');

const { hosts, notFound } = JSON.parse(process.env.CHAOS_DNS);
const planned = new Set(notFound);

/** The request being handled. */
const requestContext = new AsyncLocalStorage();
const counting = (who) => ({ who, attempts: new Map() });
const instance = counting('instance');

// Published before the server's listeners run, in their async context.
subscribe('http.server.request.start', ({ request }) => {
  requestContext.enterWith(counting(request.headers['x-request-id']));
});

// All clients, with and without TLS, request connections here. Not in the lookup itself, because
// keep-alive connections, which depend on other requests, need no lookup.
const { addRequest } = Agent.prototype;
Agent.prototype.addRequest = function (request, options, ...rest) {
  const host = hosts[options.host];
  if (host === undefined) return addRequest.call(this, request, options, ...rest);
  const { who, attempts } =
    (host === 'metadata' ? undefined : requestContext.getStore()) ?? instance;
  const attempt = attempts.get(host) ?? 0;
  attempts.set(host, attempt + 1);
  const lookUp = `${host}.${who}.${attempt}`;
  const injected = planned.has(lookUp) ? { ...options, host: `${lookUp}.invalid` } : options;
  return addRequest.call(this, request, injected, ...rest);
};

v8.setFlagsFromString('--expose-gc');
const collectGarbage = vm.runInNewContext('gc');

process.on('SIGUSR2', () => {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  const sockets = process.getActiveResourcesInfo().filter((name) => name.startsWith('TCPSocket'));
  console.log(
    JSON.stringify({ held: { bytes: heapUsed + arrayBuffers, sockets: sockets.length } }),
  );
});
