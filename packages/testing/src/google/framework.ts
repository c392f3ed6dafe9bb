import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

const FRAMEWORK_MAIN = resolve(
  __dirname,
  '../../../../functions/node_modules/@google-cloud/functions-framework/build/src/main.js',
);
const PRELOADS = ['map-hosts.cjs', 'report-listening.cjs'].map((file) => join(__dirname, file));
/** Time from SIGTERM to SIGKILL, in ms. */
const TERM_MS = 5000;

export interface FunctionOptions {
  /** Folder of the built function, with its package.json. */
  readonly source: string;
  /** Exported name; default `auth`. */
  readonly target?: string;
  /** Added to the variables that production sets; this process's own are not inherited. */
  readonly env?: Readonly<Record<string, string>>;
  /** `{"host:port": "127.0.0.1:port"}`; other connections fail unless they go to loopback. */
  readonly mapHosts?: Readonly<Record<string, string>>;
  /** Additional files for `node --require`. */
  readonly preload?: readonly string[];
  /** Timeout for the start, ms; default 30,000. */
  readonly startTimeoutMs?: number;
}

export interface RunningFunction {
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
  readonly pid: number;
  /** This and the next three cover everything so far, and are complete after `stop()`. */
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** The lines of stdout, then of stderr, that are JSON objects. */
  readonly logs: () => readonly Readonly<Record<string, unknown>>[];
  /** `host:port` of each connection that was neither mapped nor loopback. */
  readonly refusedConnections: () => readonly string[];
  /** SIGTERM to the process group, then SIGKILL; resolves when all output has been read. */
  readonly stop: () => Promise<number | null>;
}

/**
 * Runs a function as in production: functions-framework, configured by FUNCTION_TARGET, for HTTP
 * (the framework's default; firebase-functions does not set it), without emulator variables, and
 * with an empty HOME so that the developer's credentials are not found.
 *
 * @throws Error with the output, if the process exits or `startTimeoutMs` passes before it listens
 */
export async function startFunction(options: FunctionOptions): Promise<RunningFunction> {
  const target = options.target ?? 'auth';
  const home = mkdtempSync(join(tmpdir(), 'function-'));
  const reportFile = join(home, 'refused-connections');
  const preloads = [...PRELOADS, ...(options.preload ?? [])].flatMap((file) => ['--require', file]);
  const child = spawn(
    process.execPath,
    [...preloads, FRAMEWORK_MAIN, `--source=${resolve(options.source)}`],
    {
      cwd: options.source,
      detached: true, // In its own process group, so that stop() ends all of it.
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH ?? '',
        HOME: home,
        PORT: '0',
        NODE_ENV: 'production',
        FUNCTION_TARGET: target,
        FUNCTION_SIGNATURE_TYPE: 'http',
        LOG_EXECUTION_ID: 'true',
        K_SERVICE: target,
        K_REVISION: `${target}-00001-fak`,
        MAP_HOSTS: JSON.stringify(options.mapHosts ?? {}),
        MAP_HOSTS_REPORT: reportFile,
        ...options.env,
      },
    },
  );

  const stdout = collect(pipe(child, 1));
  const stderr = collect(pipe(child, 2));
  let gone = false;
  const closed = new Promise((done) => child.once('close', done)).then(() => {
    gone = true;
  });
  const signal = (name: NodeJS.Signals): void => {
    if (gone || child.pid === undefined) return; // The id may have been reused.
    try {
      process.kill(-child.pid, name);
    } catch {
      // ESRCH: no process of the group is left.
    }
  };
  const kill = (): void => {
    signal('SIGKILL');
  };
  child.once('exit', kill); // Also ends its child processes.
  process.once('exit', kill); // Must not outlive the tests.

  let refused: readonly string[] | undefined;
  const readRefused = (): readonly string[] =>
    existsSync(reportFile) ? readFileSync(reportFile, 'utf8').split('\n').filter(Boolean) : [];
  const stop = async (): Promise<number | null> => {
    signal('SIGTERM');
    const timer = setTimeout(kill, TERM_MS);
    await closed;
    clearTimeout(timer);
    process.off('exit', kill);
    refused ??= readRefused();
    rmSync(home, { recursive: true, force: true });
    return child.exitCode;
  };

  try {
    const port = await listening();
    return {
      origin: `http://127.0.0.1:${port}`,
      pid: child.pid ?? 0,
      stdout,
      stderr,
      logs: () => [...stdout().split('\n'), ...stderr().split('\n')].flatMap(parseLogLine),
      refusedConnections: () => refused ?? readRefused(),
      stop,
    };
  } catch (error) {
    await stop();
    const output = `${stdout()}${stderr()}`;
    throw new Error(`The function ${target} did not start. Its output:\n${output}`, {
      cause: error,
    });
  }

  /** The port, written by report-listening.cjs; the pipe is empty if the process exits first. */
  async function listening(): Promise<number> {
    const report = pipe(child, 3);
    await once(child, 'spawn');
    const limit = options.startTimeoutMs ?? 120_000;
    const timer = setTimeout(() => {
      report.destroy(new Error(`not listening after ${limit} ms`));
    }, limit);
    try {
      const port = Number(await text(report));
      if (port > 0) return port;
      throw new Error('exited before it listened');
    } finally {
      clearTimeout(timer);
    }
  }
}

function pipe(child: ChildProcess, fd: 1 | 2 | 3): Readable {
  const stream = child.stdio[fd];
  if (stream instanceof Readable) return stream;
  throw new Error(`file descriptor ${fd} is not a pipe`);
}

function collect(stream: Readable): () => string {
  let all = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    all += chunk;
  });
  return () => all;
}

function parseLogLine(line: string): Record<string, unknown>[] {
  try {
    const entry: unknown = JSON.parse(line);
    return typeof entry === 'object' && entry !== null ? [{ ...entry }] : [];
  } catch {
    return []; // Plain text.
  }
}
