/**
 * Preload for the process under chaos: name look-ups that fail now and then, by a seed, and a
 * report of what the process holds, written to stdout on SIGUSR2.
 *
 * CHAOS_DNS  JSON, `{"seed": 1, "share": 0.2}`: the share of new connections whose name is not found
 */
'use strict';

const net = require('node:net');
const v8 = require('node:v8');
const vm = require('node:vm');

const { seed, share } = JSON.parse(process.env.CHAOS_DNS);

let state = seed;
/** Numbers in [0, 1) that come in the same order for the same seed (mulberry32). */
function random() {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
}

const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (...args) {
  // Agents hand over what net has sorted out: [[options, callback]].
  const [normalized] = args;
  const options = Array.isArray(normalized) ? normalized[0] : normalized;
  if (options?.host !== undefined && random() < share) options.host = 'not-found.invalid';
  return connect.apply(this, args);
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
