import { newPath, newSignedInPage, newUid, usersAt, world } from '../support/world';

// As with a SameSite=Lax cookie, a link from anywhere opens the user's own page. That is safe because
// GET changes nothing; a link can cause no other method.
it('a link on a foreign site arrives as GET without its Referer, and with nothing but GET', async () => {
  const uid = newUid();
  const page = await newSignedInPage(uid);
  const { site, foreign } = world();
  const target = newPath('/transfer');
  foreign.routes.set('/link', () => ({
    headers: { 'Content-Type': 'text/html' },
    body: `<a href="${site.origin}${target}" ping="${site.origin}${target}&ping">free shoes</a>`,
  }));
  await page.goto(`${foreign.origin}/link`);

  await page.click('a');
  await page.waitForURL(`**${target}`);

  expect(site.at(target)).toMatchObject([{ method: 'GET', body: '' }]);
  expect(usersAt(target)).toEqual([uid]);
  // Not the worker's script, which would look like a page of ours.
  expect(site.at(target)[0]?.headers.referer).toBeUndefined();
  // The POST of `ping` is sent by the foreign page, and never passes our worker.
  expect(usersAt(`${target}&ping`).filter((uid) => uid !== null)).toEqual([]);
});
