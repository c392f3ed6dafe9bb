/**
 * Preload (`node --require`): reports the CPU and memory usage of a process to the benchmark. It
 * connects to the port in BENCH_PROBE and replies to each line with a line of JSON. Signals would
 * not work on Windows, and a listening server could be mistaken for the function's own.
 */
'use strict';

const { readFileSync } = require('node:fs');
const net = require('node:net');
const v8 = require('node:v8');
const vm = require('node:vm');

/** The process itself runs without --expose-gc, which would change the measurement. */
function collectGarbage() {
  v8.setFlagsFromString('--expose-gc');
  const gc = vm.runInNewContext('gc');
  // Twice: the second pass frees what finalizers of the first one released.
  gc();
  gc();
}

/** KiB. On Linux maxRSS includes the parent's memory from before exec, VmHWM does not. */
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
socket.on('error', () => {}); // The benchmark has ended; this process is about to be stopped.
socket.unref();
