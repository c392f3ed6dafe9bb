import { SessionError, startSession } from 'tiki-firebase-web-session';
import { handOver } from 'tiki-firebase-web-session/hand-over';
import { elementById, onClick } from './elements';
import { logInAt } from './simulated-customer';

const main = elementById('sign-in');
const { next = '/profile', simulator = '', state: initialState } = main.dataset;
const session = startSession();

const show = (state: 'signing-in' | 'failed') => {
  main.dataset['state'] = state;
};

/** Replaces this page, so that "back" does not lead here. */
const proceed = () => {
  location.replace(next);
};

const fail = (error: unknown) => {
  console.error(error);
  show('failed');
};

async function signInAs(id: string, name: string): Promise<void> {
  show('signing-in');
  await session.signIn(await logInAt(simulator, { id, name }));
}

onClick('[data-customer]', ({ dataset: { customer = '', name = '' } }) => {
  signInAs(customer, name).then(proceed, fail);
});

// In the background too: an app may open this page without saying that it is one. Elsewhere nobody
// answers, which is no failure.
handOver(session).then(proceed, async (error: unknown) => {
  if (initialState !== 'signing-in') return;
  fail(error);
  // The app has not said who is there, so a stored session may be that of a user before. Without an app, a
  // link of a foreign site could sign its visitor out.
  const isInApp = !(error instanceof SessionError && error.code === 'not-in-tini-app');
  if (isInApp) await session.signOut().catch(console.error);
});
