import { serveCookieSessions, serveNoSessions } from '../support/sessions';
import { newPath, newSignedInPage, newUid, open, signIn, usersAt, world } from '../support/world';

// An installed worker goes on answering where a page may not install it, such as under another CSP.
// The server prefers its token to the cookie: the user who was there before would be back.
it("a sign-in where the worker cannot be installed ends the installed worker's session", async () => {
  const before = await newSignedInPage(newUid());
  const { site } = world();
  serveCookieSessions(site);
  const page = await open(before.context(), site, '/page?no-worker');
  const uid = newUid();
  await signIn(page, uid);

  const target = newPath('/page');
  await page.goto(site.origin + target);
  serveNoSessions(site);
  expect(usersAt(target)).toEqual([uid]);
});
