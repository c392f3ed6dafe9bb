import { SessionError } from './errors';
import {
  type Answer,
  type Command,
  type Done,
  type Question,
  SESSION,
  type User,
} from './messages';

/** For the installation, download included, in ms; then the page does without the worker. */
const INSTALL_MS = 10_000;
/** For one command, in ms: longer than two calls through the gateway. */
const ANSWER_MS = 30_000;

function activation(registration: ServiceWorkerRegistration): Promise<void> {
  const worker = registration.installing ?? registration.waiting;
  return new Promise((resolve, reject) => {
    if (registration.active || worker === null) {
      resolve();
      return;
    }
    worker.addEventListener('statechange', () => {
      if (worker.state === 'activated') resolve();
      if (worker.state === 'redundant') reject(new Error('not installed'));
    });
  });
}

/** The worker that an earlier visit or `installWorker` has installed, if any. */
export async function activeWorker(): Promise<ServiceWorkerRegistration | undefined> {
  try {
    const registration = await navigator.serviceWorker.getRegistration('/');
    return registration?.active ? registration : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Installs the worker, unless it is installed already. Undefined where that is impossible: no service
 * workers in this browser, or they are blocked by the user, an administrator or the page's CSP.
 *
 * An installed worker is used even where it could not be installed now, because it goes on sending its
 * user's token, which the server prefers to the cookie.
 */
export async function installWorker(url: string): Promise<ServiceWorkerRegistration | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, INSTALL_MS);
  });
  const install = async () => {
    const registration = await navigator.serviceWorker.register(url, { scope: '/' });
    await activation(registration);
    return registration;
  };
  try {
    return (await Promise.race([install(), late])) ?? (await activeWorker());
  } catch {
    return await activeWorker();
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Sends a command to the current worker, which an update may have replaced since the installation.
 *
 * @throws SessionError `worker-silent`, or with Firebase's code
 */
export function ask(registration: ServiceWorkerRegistration, command: Command): Promise<Done> {
  return new Promise((resolve, reject) => {
    const { port1, port2 } = new MessageChannel();
    const timer = setTimeout(() => {
      reject(new SessionError('worker-silent'));
    }, ANSWER_MS);
    port1.onmessage = ({ data }: MessageEvent<Answer>) => {
      clearTimeout(timer);
      port1.close();
      if (data.ok) resolve(data);
      else reject(new SessionError(data.code));
    };
    const question: Question = { type: SESSION, ...command };
    registration.active?.postMessage(question, [port2]);
  });
}

/** @throws SessionError as `ask` does */
export async function signInWithWorker(
  registration: ServiceWorkerRegistration,
  customToken: string,
): Promise<User> {
  const { user } = await ask(registration, { command: 'signIn', customToken });
  if (user === null) throw new SessionError('worker-silent');
  return user;
}
