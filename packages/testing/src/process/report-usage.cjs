/**
 * Preload (`node --require`): lets the benchmark ask a process for its use of CPU and memory. It
 * connects to the port in BENCH_PROBE and answers each line with one of JSON. Signals would do the
 * same, except on Windows; a server would be taken for the function's own.
 */
'use strict';

const { readFileSync } = require('node:fs');
const net = require('node:net');
const v8 = require('node:v8');
const vm = require('node:vm');

/** Without --expose-gc for the process, which would change what is measured. */
function collectGarbage() {
  v8.setFlagsFromString('--expose-gc');
  const gc = vm.runInNewContext('gc');
  // Twice: what is only freed by finalizers of the first pass goes with the second.
  gc();
  gc();
}

/** KiB. Linux remembers in maxRSS what the parent held before this program was started in its place. */
function peakRss() {
  try {
    return Number(/^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]);
  } catch {
    return process.resourceUsage().maxRSS;
  }
}

const socket = net.connect(Number(process.env.BENCH_PROBE), '127.0.0.1');
socket.setEncoding('utf8').on('data', (line) => {
  if (line.startsWith('collect')) collectGarbage();
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed } = process.memoryUsage();
  const usage = {
    cpuMs: (user + system) / 1000,
    rssMiB: rss / 2 ** 20,
    peakRssMiB: peakRss() / 1024,
    heapMiB: heapUsed / 2 ** 20,
  };
  socket.write(`${JSON.stringify(usage)}\n`);
});
socket.on('error', () => {}); // The benchmark has ended, and this process is about to.
socket.unref();
