import { startSession } from 'tiki-firebase-web-session';

// On this page only where the user has premium and the token does not know yet.
startSession()
  .refresh()
  .then(() => {
    const url = new URL(location.href);
    // So that the server does not ask for it again.
    url.searchParams.set('renewed', '');
    location.replace(url);
  }, console.error);
