import { applyLoad, type Load } from '../load';
import type { Row } from '../row';
import type { Endpoint, Target } from '../targets/target';
import { type Bench, type Figures, type Measure, UPSTREAM_MS } from './measure';

const CALLERS = 64;
const SECONDS = 2.5;

const UNSIGNED: Row = {
  name: 'Throughput, nobody signs',
  unit: '÷ the limit',
  goal: { atLeast: 0.8 },
};
/** Without a goal: the limit has no RSA signature to make. */
const KEY_FILE: Row = { name: 'Throughput, key file', unit: '÷ the limit' };
const SIGN_BLOB: Row = {
  name: 'Throughput, signBlob',
  unit: '÷ the limit',
  goal: { atLeast: 0.8 },
};
const SIGN_BLOB_TLS: Row = {
  name: 'Throughput, signBlob',
  unit: '÷ the limit with TLS',
  goal: { atLeast: 0.85 },
};
const GUIDE: Row = {
  name: 'Throughput, signBlob',
  unit: "÷ the guide's backend",
  goal: { atLeast: 3.5 },
};
const CPU: Row = { name: 'CPU per login', unit: '÷ (the limit + hello)', goal: { atMost: 1.3 } };
const CPU_TLS: Row = {
  name: 'CPU per login',
  unit: '÷ (the limit with TLS + hello)',
  goal: { atMost: 1.6 },
};
const BRIDGE_MS: Row = { name: 'CPU per login, signBlob', unit: 'ms' };
const UNSIGNED_MS: Row = { name: 'CPU per login, nobody signs', unit: 'ms' };
const KEY_FILE_MS: Row = { name: 'CPU per login, key file', unit: 'ms' };
const LIMIT_MS: Row = { name: 'CPU per login, the limit', unit: 'ms' };
const HELLO_MS: Row = { name: 'CPU per request, hello', unit: 'ms' };
const GENERATOR: Row = { name: 'Load generator', unit: 'cores' };

interface Run {
  readonly perSecond: number;
  /** Of the target's process, milliseconds. */
  readonly cpuMsPerLogin: number;
  /** What the load generator, this process, used. */
  readonly generatorCores: number;
}

function ownCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function loadOf({ signal }: Bench, target: Endpoint, scale: number): Load {
  return { target, callers: CALLERS, seconds: SECONDS * scale, signal };
}

async function run(bench: Bench, target: Target, scale: number): Promise<Run> {
  const [before, ownBefore] = [await target.usage(), ownCpuMs()];
  const load = await applyLoad(loadOf(bench, target, scale));
  const [after, ownAfter] = [await target.usage(), ownCpuMs()];
  return {
    perSecond: load.perSecond,
    cpuMsPerLogin: (after.cpuMs - before.cpuMs) / load.answered,
    generatorCores: (ownAfter - ownBefore) / load.ms,
  };
}

async function round(bench: Bench, scale: number): Promise<Figures> {
  const { targets } = bench;
  await bench.upstreams.setLatency(UPSTREAM_MS);
  const callsTikiOnly = await run(bench, targets.limitTikiOnly, scale);
  const unsigned = await run(bench, targets.bridgeUnsigned, scale);
  const keyFile = await run(bench, targets.bridgeKeyFile, scale);
  const limit = await run(bench, targets.limit, scale);
  const bridge = await run(bench, targets.bridge, scale);
  const limitTls = await run(bench, targets.limitTls, scale);
  const hello = await run(bench, targets.hello, scale);
  const guide = targets.guide && (await applyLoad(loadOf(bench, targets.guide, scale)));
  return new Map<Row, number | string>([
    [UNSIGNED, unsigned.perSecond / callsTikiOnly.perSecond],
    [KEY_FILE, keyFile.perSecond / callsTikiOnly.perSecond],
    [SIGN_BLOB, bridge.perSecond / limit.perSecond],
    [SIGN_BLOB_TLS, bridge.perSecond / limitTls.perSecond],
    [GUIDE, guide ? bridge.perSecond / guide.perSecond : 'Flask and gunicorn are not installed'],
    [CPU, bridge.cpuMsPerLogin / (limit.cpuMsPerLogin + hello.cpuMsPerLogin)],
    [CPU_TLS, bridge.cpuMsPerLogin / (limitTls.cpuMsPerLogin + hello.cpuMsPerLogin)],
    [BRIDGE_MS, bridge.cpuMsPerLogin],
    [UNSIGNED_MS, unsigned.cpuMsPerLogin],
    [KEY_FILE_MS, keyFile.cpuMsPerLogin],
    [LIMIT_MS, limit.cpuMsPerLogin],
    [HELLO_MS, hello.cpuMsPerLogin],
    // At the highest throughput that counts.
    [GENERATOR, callsTikiOnly.generatorCores],
  ]);
}

/** 64 callers at once: logins a second, and the CPU time of each. */
export const throughput: Measure = {
  name: 'throughput and CPU',
  rows: [
    UNSIGNED,
    KEY_FILE,
    SIGN_BLOB,
    SIGN_BLOB_TLS,
    GUIDE,
    CPU,
    CPU_TLS,
    BRIDGE_MS,
    UNSIGNED_MS,
    KEY_FILE_MS,
    LIMIT_MS,
    HELLO_MS,
    GENERATOR,
  ],
  round,
};
