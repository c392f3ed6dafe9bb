import { startSession } from 'tiki-firebase-web-session';
import { elementById, onClick } from './elements';

const { home = '/' } = elementById('profile').dataset;
const session = startSession();

const leave = () => {
  location.replace(home);
};

onClick('[data-sign-out]', ({ dataset }) => {
  session
    .signOut({ everywhere: dataset['signOut'] === 'everywhere' })
    .then(leave, (error: unknown) => {
      console.error(error);
      elementById('sign-out-failed').hidden = false;
    });
});

// Another tab signed out, or somebody else in: this page must not keep showing the account.
session.onChange((user) => {
  if (user === null) leave();
  else location.reload();
});
