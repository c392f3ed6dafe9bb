import { startSession } from 'tiki-firebase-web-session';
import { handOver } from 'tiki-firebase-web-session/hand-over';
import { elementById, onClick } from './elements';
import { logInAt } from './simulated-customer';

const main = elementById('sign-in');
const { next = '/profile', simulator = '' } = main.dataset;

type State = 'waiting' | 'signing-in' | 'failed';
const show = (state: State) => {
  main.dataset['state'] = state;
};

async function signIn(getCustomToken: () => Promise<string | undefined>): Promise<void> {
  try {
    const session = await startSession();
    const customToken = await getCustomToken();
    // Not opened by the Tini App: there is nothing to wait for.
    if (customToken === undefined) return;
    show('signing-in');
    await session.signIn(customToken);
    // Replaced, so that "back" does not lead here.
    location.replace(next);
  } catch (error) {
    console.error(error);
    show('failed');
  }
}

onClick('[data-customer]', ({ dataset: { customer = '', name = '' } }) => {
  show('signing-in');
  void signIn(() => logInAt(simulator, { id: customer, name }));
});

void signIn(handOver);
