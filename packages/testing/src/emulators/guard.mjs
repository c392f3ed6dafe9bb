// node guard.mjs <folder to remove, or "-"> <command> [arguments]
// Runs a command and stops it when the parent process ends. The IPC channel closes however the
// parent ends (Ctrl-C, kill -9, a crash), which a signal handler in the parent cannot guarantee.
import { spawn, spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { clearInterval, setInterval, setTimeout } from 'node:timers';

/** How long the command may take to exit before it is killed, in ms. */
const GRACE_MS = 3000;
const windows = process.platform === 'win32';
const [folder, command, ...args] = process.argv.slice(2);

// In its own process group (POSIX), so that its workers can be killed with it.
const child = spawn(command, args, {
  stdio: ['ignore', 'pipe', 'pipe'],
  detached: !windows,
  windowsHide: true,
});
child.stdout.on('data', (chunk) => process.stdout.write(chunk));
child.stderr.on('data', (chunk) => process.stderr.write(chunk));
// If the parent is gone, so are its pipes; the command must still be stopped properly.
process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);

function killAll() {
  if (child.pid === undefined) return;
  if (windows) {
    spawnSync('taskkill', ['/pid', String(child.pid), '/T', '/F'], { stdio: 'ignore' });
    return;
  }
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // ESRCH: the whole group has ended.
  }
}

let stopping = false;
function stop() {
  if (stopping) return;
  stopping = true;
  if (windows) return killAll();
  child.kill('SIGINT');
  setTimeout(killAll, GRACE_MS).unref();
}

process.on('disconnect', stop);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop);

function finish(code) {
  if (folder !== '-') {
    // Windows does not remove the current folder of a process.
    process.chdir(path.dirname(folder));
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
  process.exit(code);
}

child.on('error', (error) => {
  process.stderr.write(`Could not start ${command}: ${error.message}\n`);
  finish(127);
});
/** Whether no process of the group is left; killed ones take a moment to exit. */
function isGone() {
  if (windows || child.pid === undefined) return true;
  try {
    process.kill(-child.pid, 0);
    return false;
  } catch {
    return true;
  }
}

child.on('exit', (code) => {
  killAll();
  const since = Date.now();
  const timer = setInterval(() => {
    // Bounded: without an init process that reaps zombies, the group never disappears.
    if (!isGone() && Date.now() - since < GRACE_MS) return;
    clearInterval(timer);
    finish(code ?? 1);
  }, 10);
});
