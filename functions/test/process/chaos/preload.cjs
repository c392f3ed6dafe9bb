/**
 * Preload for the process under chaos: name look-ups that fail where that is planned, and a report
 * of what the process holds, written to stdout on SIGUSR2.
 *
 * CHAOS_DNS  JSON, `{"hosts": {"localhost": "tiki"}, "notFound": ["tiki.customer-1.0"]}`: the names
 *            it is about, and the look-ups that fail: whose host, for which request id, which
 *            attempt from 0. What is asked for the whole instance is for `instance`.
 *
 * A name that is not found becomes `<look-up>.invalid`, which nothing finds, so that the look-ups
 * that failed can be read from the connections that were refused.
 */
'use strict';

const { AsyncLocalStorage } = require('node:async_hooks');
const { subscribe } = require('node:diagnostics_channel');
const { Agent } = require('node:http');
const v8 = require('node:v8');
const vm = require('node:vm');

const { hosts, notFound } = JSON.parse(process.env.CHAOS_DNS);
const planned = new Set(notFound);

/** Whose request all that follows is done for. */
const asker = new AsyncLocalStorage();
const counting = (who) => ({ who, attempts: new Map() });
const instance = counting('instance');

// Before the server's own listeners, in the context in which they run.
subscribe('http.server.request.start', ({ request }) => {
  asker.enterWith(counting(request.headers['x-request-id']));
});

// Where every client of this process, over TLS or not, asks for a connection: a kept-alive one
// would need no look-up, and whether there is one depends on what others do.
const { addRequest } = Agent.prototype;
Agent.prototype.addRequest = function (request, options, ...rest) {
  const host = hosts[options.host];
  if (host === undefined) return addRequest.call(this, request, options, ...rest);
  const { who, attempts } = (host === 'metadata' ? undefined : asker.getStore()) ?? instance;
  const attempt = attempts.get(host) ?? 0;
  attempts.set(host, attempt + 1);
  const lookUp = `${host}.${who}.${attempt}`;
  const met = planned.has(lookUp) ? { ...options, host: `${lookUp}.invalid` } : options;
  return addRequest.call(this, request, met, ...rest);
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
