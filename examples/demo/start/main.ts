// npm start: runs everything a login needs on this machine; see options.ts.
import { type RunningDemo, startDemo } from '../start-demo';
import {
  announceEmulators,
  type EmulatorVariables,
  exportLine,
} from '@tiki-bridge/testing/emulators/announcement';
import { buildFunctions } from '@tiki-bridge/testing/emulators/build-functions';
import { explain } from './explain';
import { showOneLogin } from './once';
import { HELP, parseOptions, type StartOptions } from './options';
import { watchFunctions } from './rebuild';
import { createTerminal, type Terminal } from './terminal';
import { textsFor } from './texts';

/** One Ctrl-C may arrive twice, from the terminal and from npm, within this time. In ms. */
const SAME_PRESS_MS = 500;

/** The first of the demo page's customers. */
const FIRST_CUSTOMER = 'tiki:27051990';

const texts = textsFor(process.env);

const terminal = createTerminal({
  stream: process.stdout,
  env: process.env,
  now: () => performance.now(),
  skippedText: texts.skipped,
});

async function start(options: StartOptions, signal: AbortSignal): Promise<RunningDemo> {
  terminal.start(texts.building);
  await buildFunctions();
  terminal.done();
  return startDemo({
    ports: options.freePorts || options.once ? 'free' : 'fixed',
    emulatorUi: !options.once,
    web: !options.once,
    push: !options.once,
    signal,
    onProgress: ({ name, state, note = '' }) => {
      if (state === 'started') terminal.start(texts.names[name] ?? name);
      else if (state === 'done') terminal.done();
      else terminal.skipped(note);
    },
  });
}

/** For the operator's command line and other programs. */
function variablesOf({ authEmulatorOrigin, firestoreHost }: RunningDemo): EmulatorVariables {
  return {
    FIREBASE_AUTH_EMULATOR_HOST: new URL(authEmulatorOrigin).host,
    ...(firestoreHost !== undefined && { FIRESTORE_EMULATOR_HOST: firestoreHost }),
  };
}

function showWhereToLook(bridge: RunningDemo, { style, line, box }: Terminal): void {
  line();
  const places: readonly (readonly [name: string, address: string | undefined])[] = [
    [texts.demoPage, bridge.hostingOrigin],
    [texts.webPages, bridge.companionOrigin],
    [texts.simulator, bridge.simulator.origin],
    [texts.authEmulator, bridge.authEmulatorOrigin],
    [texts.functions, bridge.functionsOrigin],
    ['Firestore', bridge.firestoreHost],
    [texts.simulatedFcm, bridge.fcmOrigin],
    ['Emulator UI', bridge.emulatorUiOrigin],
  ];
  const width = 2 + Math.max(...places.map(([name]) => name.length));
  const shown = places.flatMap(([name, address], index) => {
    if (address === undefined) return [];
    const label = name.padEnd(width);
    return index === 0 ? style.bold(label) + style.cyan(address) : label + address;
  });
  box([...shown, '', style.dim(texts.reload), style.dim(texts.end)]);
  line();
  if (bridge.firestoreHost !== undefined) {
    line(`  ${texts.inAnotherTerminal}`);
    line(`    npm run premium -- grant ${FIRST_CUSTOMER} --days 30`);
    line(`    npm run bridge -- push send ${FIRST_CUSTOMER} --title Hello --body World`);
    line('    npm run tiki-simulator -- trigger canceled');
  }
  line(`  ${texts.exports}  ${exportLine(variablesOf(bridge))}`);
}

/** Runs until Ctrl-C. Throws if the emulators exit by themselves. */
async function serve(bridge: RunningDemo, signal: AbortSignal): Promise<void> {
  // Ctrl-C twice ends the process here.
  process.once('exit', announceEmulators(variablesOf(bridge)));
  showWhereToLook(bridge, terminal);
  const stopWatching = watchFunctions(async () => {
    terminal.start(texts.rebuilding);
    try {
      await buildFunctions();
      await bridge.reloadFunctions();
      terminal.done();
    } catch (error) {
      terminal.failed();
      terminal.line(explain(error, texts).join('\n'));
    }
  });
  const stopped = new Promise<'stopped'>((resolve) => {
    signal.addEventListener('abort', () => {
      resolve('stopped');
    });
  });
  const outcome = await Promise.race([bridge.ended, stopped]);
  stopWatching();
  if (outcome === 'stopped') return;
  const lastOutput = bridge.logs().trim().slice(-4000);
  throw new Error(`The emulators exited unexpectedly (exit code ${outcome}).\n${lastOutput}`);
}

async function run(options: StartOptions, signal: AbortSignal): Promise<number> {
  let bridge: RunningDemo | undefined;
  try {
    terminal.line(`\n  ${terminal.style.bold('Tiki → Firebase bridge')}\n`);
    bridge = await start(options, signal);
    await (options.once ? showOneLogin(bridge, terminal) : serve(bridge, signal));
    return 0;
  } catch (error) {
    terminal.failed();
    if (signal.aborted) return options.once ? 130 : 0;
    terminal.line();
    for (const text of explain(error, texts)) terminal.line(text);
    return 1;
  } finally {
    if (signal.aborted) terminal.line(`\n${texts.stopping}`);
    await bridge?.stop();
    if (signal.aborted) terminal.line(texts.stopped);
  }
}

function main(): void {
  const options = parseOptions(process.argv.slice(2));
  if (options.help) {
    terminal.line(HELP);
    return;
  }
  const interrupted = new AbortController();
  let firstPress: number | undefined;
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      firstPress ??= performance.now();
      interrupted.abort();
      // A second Ctrl-C exits at once. Child processes are stopped by emulators/guard.mjs.
      if (performance.now() - firstPress > SAME_PRESS_MS) process.exit(130);
    });
  }
  void run(options, interrupted.signal).then((code) => process.exit(code));
}

try {
  main();
} catch (error) {
  terminal.line(error instanceof Error ? error.message : String(error));
  terminal.line('\n' + HELP);
  process.exitCode = 2;
}
