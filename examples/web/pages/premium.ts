import { startSession } from 'tiki-firebase-web-session';
import { elementById } from './elements';

// On this page only where the user's record and the token disagree about premium.
const RENEWED = 'renewed';
const url = new URL(location.href);

if (elementById('premium').dataset['state'] === 'renewing') {
  startSession()
    .refresh()
    .then(() => {
      // So that the server does not ask for it again.
      url.searchParams.set(RENEWED, '');
      location.replace(url);
    }, console.error);
} else {
  // For one visit: in a bookmark it would prevent all later renewals.
  url.searchParams.delete(RENEWED);
  history.replaceState(null, '', url);
}
