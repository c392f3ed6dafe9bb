import { startSession } from 'tiki-firebase-web-session';
import { elementById, onClick } from './elements';

const { home = '/' } = elementById('profile').dataset;
const session = startSession();

async function signOut(everywhere: boolean): Promise<void> {
  try {
    await (await session).signOut({ everywhere });
    location.replace(home);
  } catch (error) {
    console.error(error);
    for (const notice of document.querySelectorAll<HTMLElement>('.notice')) notice.hidden = false;
  }
}

onClick('[data-sign-out]', ({ dataset }) => {
  void signOut(dataset['signOut'] === 'everywhere');
});

// Signed out in another tab: this page must not keep showing the account.
void session.then(({ onChange }) => {
  onChange((user) => {
    if (user === null) location.replace(home);
  });
});
